"""A process killed in the middle of its steps, over and over: none that it reported is lost, the file always opens."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from seamline.project.file import ProjectFile
from seamline.project.types import Project

_EDITOR = """
import importlib.util, sys
from pathlib import Path
from seamline.project.edits import AddSeam, DeleteSeam
from seamline.project.file import ProjectFile
from seamline.project.types import Origin, Seam

spec = importlib.util.spec_from_file_location("paper", sys.argv[1])
paper = importlib.util.module_from_spec(spec)
spec.loader.exec_module(paper)
journal = ProjectFile(paper.paper_project(100_000), Path(sys.argv[2]))
done = journal.history.done
while True:
    # adds steps, takes some back and does them again: what was undone is replaced, too
    print(f"{done} {len(journal.history.edits)}", flush=True)
    if done % 7 == 3 and len(journal.history.edits) == done:
        journal.undo()
    elif done % 5 == 1 and len(journal.history.edits) > done:
        journal.redo()
    else:
        frame = journal.history.done + 1 + 1000 * (len(journal.history.edits) > done)
        while any(seam.in_frame == frame for seam in journal.project.seams):
            frame += 1
        journal.do(AddSeam(Seam(frame - 1, frame, origin=Origin.USER)))
    done = journal.history.done
"""


def _killed_while_writing(base: Project, path: Path, times: int, seed: int) -> tuple[int, int]:
    """How many steps were reported in all, and how often a step was interrupted on its way to the disk."""
    paper = Path(__file__).with_name("conftest.py")
    kill = getattr(signal, "SIGKILL", signal.SIGTERM)  # Windows' terminate is as hard
    moments = random.Random(seed)
    steps = interrupted = 0
    for _ in range(times):
        editor = subprocess.Popen(
            [sys.executable, "-c", _EDITOR, str(paper), str(path)], stdout=subprocess.PIPE, text=True
        )
        assert editor.stdout is not None
        said = [editor.stdout.readline()]
        time.sleep(moments.uniform(0, 0.08))
        editor.send_signal(kill)
        said += editor.stdout.readlines()
        editor.stdout.close()
        editor.wait()
        whole = [tuple(map(int, line.split())) for line in said if line.endswith("\n")]
        steps += len(whole)
        interrupted += path.with_name(f"{path.name}-journal").exists()
        reader = ProjectFile(base, path, read_only=True)
        window = ProjectFile(base, path)
        state = window.history.done, len(window.history.edits)
        window.close()
        assert window.damage is None
        assert reader.history.edits == window.history.edits
        assert reader.history.done == window.history.done
        assert state == whole[-1] or _is_one_step_on(whole[-1], state)
    return steps, interrupted


def _is_one_step_on(reported: tuple[int, ...], state: tuple[int, int]) -> bool:
    """Whether the file has the step that was under way when the process was killed, whole."""
    done, count = reported
    return state in ((done + 1, done + 1), (done - 1, count), (done + 1, count))


def test_nothing_reported_is_lost(project: Callable[..., Project], new_file: Callable[..., Path]) -> None:
    base = project(100_000)
    steps, _ = _killed_while_writing(base, new_file(base), 20, seed=1)
    assert steps > 40  # more than what each of the 20 says before its first step, however busy the machine


@pytest.mark.skipif("SEAMLINE_LONG_TESTS" not in os.environ, reason="SEAMLINE_LONG_TESTS=1 runs it: a minute")
def test_nothing_reported_is_lost_in_many_more_kills(
    project: Callable[..., Project], new_file: Callable[..., Path]
) -> None:
    base = project(100_000)
    _, interrupted = _killed_while_writing(base, new_file(base), 50, seed=2)
    assert interrupted  # some were hit in the middle of writing
