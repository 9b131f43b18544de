"""What one run of a program costs: time, processor time and memory of it and all that it starts."""

from __future__ import annotations

import contextlib
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import psutil

_MIB = 1024 * 1024
_SAMPLE_EVERY_S = 0.05
_LOOK_FOR_CHILDREN_EVERY = 5  # samples: it reads the whole table of processes
_LAST_WORDS = 2000
_KILL_WAIT_S = 5.0


@dataclass(frozen=True, slots=True)
class Cost:
    """What a run took.

    `cpu_s` is of all processors together. `peak_mib` is the largest sum of resident sizes that was seen, twenty
    times a second; memory that two processes share counts in both. `others_busy_01` is the share of the machine's
    processors that other programs had meanwhile.
    """

    wall_s: float
    cpu_s: float
    peak_mib: float
    others_busy_01: float


class RunFailedError(Exception):
    """A run that gave no result; the text says why, in some words."""


def run_measured(
    command: Sequence[str | Path], *, folder: Path, environment: Mapping[str, str], timeout_s: float
) -> Cost:
    """Run `command` in `folder` to its end. Raises RunFailedError if it cannot start, fails or takes too long.

    What it writes goes to files in `folder`. Nothing that it started is left behind, whatever happens.
    """
    busy_before = _busy_s()
    waited_before = _waited_cpu_s()
    began = time.monotonic()
    with (folder / "stdout").open("wb") as output, (folder / "stderr").open("w+b") as errors:
        try:
            process = subprocess.Popen(
                [str(word) for word in command],
                cwd=folder,
                env=dict(environment),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=errors,
            )
        except OSError as error:
            raise RunFailedError(f"“{command[0]}” does not start ({error.strerror or error})") from error
        tree = _Tree(process.pid)
        try:
            code = _waited(process, tree, began + timeout_s)
        finally:
            wall_s = time.monotonic() - began
            tree.end(process)
        if code is None:
            raise RunFailedError(f"broken off after {timeout_s:.0f} s")
        if code != 0:
            raise RunFailedError(f"exit code {code}: {_last_words(errors)}")
    waited_s = _waited_cpu_s() - waited_before
    cpu_s = max(tree.cpu_s, waited_s)
    others_s = _busy_s() - busy_before - cpu_s
    share = others_s / max(1e-6, wall_s * (psutil.cpu_count() or 1))
    return Cost(wall_s, cpu_s, tree.peak_mib, min(1.0, max(0.0, share)))


def _waited(process: subprocess.Popen[bytes], tree: _Tree, until: float) -> int | None:
    """The exit code, None when it takes too long."""
    while True:
        tree.sample()
        try:
            return process.wait(_SAMPLE_EVERY_S)
        except subprocess.TimeoutExpired:
            if time.monotonic() > until:
                return None


class _Tree:
    """A process and its descendants, as they come and go."""

    def __init__(self, pid: int) -> None:
        self.peak_mib = 0.0
        self._root: psutil.Process | None = None
        self._cpu_s: dict[psutil.Process, float] = {}
        self._alive: list[psutil.Process] = []
        self._samples = 0
        with contextlib.suppress(psutil.Error):
            self._root = psutil.Process(pid)
            self._alive = [self._root]

    @property
    def cpu_s(self) -> float:
        """As of the last sample of each process."""
        return sum(self._cpu_s.values())

    def sample(self) -> None:
        if self._samples % _LOOK_FOR_CHILDREN_EVERY == 0:
            self._look_for_children()
        self._samples += 1
        resident = 0
        for process in self._alive:
            # one that has ended has given its memory back
            with contextlib.suppress(psutil.Error), process.oneshot():
                resident += process.memory_info().rss
                times = process.cpu_times()
                self._cpu_s[process] = times.user + times.system
        self.peak_mib = max(self.peak_mib, resident / _MIB)

    def end(self, process: subprocess.Popen[bytes]) -> None:
        """End whatever still runs."""
        if process.poll() is None:
            self._look_for_children()
        left = [each for each in self._alive if each != self._root]
        if process.returncode is None:
            process.kill()
            process.wait()
        for each in left:
            with contextlib.suppress(psutil.Error):
                if each.is_running():  # the number may belong to another process by now
                    each.kill()
        psutil.wait_procs(left, _KILL_WAIT_S)

    def _look_for_children(self) -> None:
        if self._root is None:
            return
        with contextlib.suppress(psutil.Error):
            children = self._root.children(recursive=True)
            known = set(self._alive)
            self._alive += [child for child in children if child not in known]


def _busy_s() -> float:
    """Seconds that the machine's processors have worked in all."""
    times = psutil.cpu_times()
    # guests' time is part of the user's
    return float(times.user + times.system + getattr(times, "nice", 0.0) + getattr(times, "irq", 0.0))


def _waited_cpu_s() -> float:
    """Processor time of all that this process has started and waited for; 0 where the system does not say."""
    if sys.platform == "win32":
        return 0.0
    import resource

    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _last_words(errors: IO[bytes]) -> str:
    errors.flush()
    end = errors.seek(0, 2)
    errors.seek(max(0, end - _LAST_WORDS))
    lines = [line for line in errors.read().decode(errors="replace").splitlines() if line.strip()]
    return lines[-1].strip()[:200] if lines else "it said nothing"
