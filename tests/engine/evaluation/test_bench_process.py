"""What a run costs, measured on small programs that are known to cost it."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

import psutil
import pytest

from seamline.evaluation.bench_process import Cost, RunFailedError, run_measured


def run(folder: Path, script: str, timeout_s: float = 30) -> Cost:
    command = [sys.executable, "-S", "-c", script]
    return run_measured(command, folder=folder, environment=os.environ, timeout_s=timeout_s)


CHILD = """
import subprocess, sys
subprocess.run([sys.executable, "-S", "-c", '''
import time
block = bytearray(b"x") * (96 << 20)
until = time.process_time() + .4
while time.process_time() < until: pass
time.sleep(.8)
'''], check=True)
"""


def test_memory_and_processor_time_of_a_child_count(tmp_path: Path) -> None:
    cost = run(tmp_path, CHILD)
    assert cost.peak_mib > 96
    assert 0.4 < cost.cpu_s < cost.wall_s * (psutil.cpu_count() or 1)
    assert cost.wall_s > 1.2


def test_a_program_that_waits_costs_time_but_no_processor(tmp_path: Path) -> None:
    cost = run(tmp_path, "import time; time.sleep(.6)")
    assert cost.wall_s > 0.6
    assert cost.cpu_s < 0.4
    assert cost.peak_mib < 96


def test_what_takes_too_long_is_ended_with_all_that_it_started(tmp_path: Path) -> None:
    script = (
        "import subprocess, sys, time\n"
        "child = subprocess.Popen([sys.executable, '-S', '-c', 'import time; time.sleep(60)'])\n"
        "open('pid', 'w').write(str(child.pid))\n"
        "time.sleep(60)\n"
    )
    began = time.monotonic()
    with pytest.raises(RunFailedError, match="broken off after 1 s"):
        run(tmp_path, script, timeout_s=1.2)
    assert time.monotonic() - began < 20
    pid = int((tmp_path / "pid").read_text())
    assert not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE


def test_a_failure_is_told_in_the_programs_last_words(tmp_path: Path) -> None:
    with pytest.raises(RunFailedError, match=r"^exit code 3: no such codec$"):
        run(tmp_path, "import sys; sys.stderr.write('reading\\nno such codec\\n\\n'); sys.exit(3)")


def test_a_silent_failure_is_told_too(tmp_path: Path) -> None:
    with pytest.raises(RunFailedError, match="exit code 1: it said nothing"):
        run(tmp_path, "raise SystemExit(1)")


def test_a_program_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(RunFailedError, match=r"absent.* does not start"):
        run_measured([tmp_path / "absent"], folder=tmp_path, environment=os.environ, timeout_s=5)
