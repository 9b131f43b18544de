"""The project's checks: all are run, each with its duration, and all failures are reported."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable, Sequence

from setup_stamp import Layout

Call = Callable[[Sequence[str], Layout], int]


def call(command: Sequence[str], layout: Layout) -> int:
    """Exit code of a command, run from the project's root with its output shown."""
    return subprocess.run(command, cwd=layout.root, check=False).returncode


def all_checks(layout: Layout, pytest_arguments: Sequence[str]) -> list[tuple[str, list[str]]]:
    """Names and commands, in order; with arguments for pytest, that alone.

    Tests that measure time, marked “timed”, run behind the others, which run two at a time.
    """
    python = str(layout.program("python"))
    pytest = [python, "-m", "pytest"]
    if pytest_arguments:
        return [("tests", [*pytest, *pytest_arguments])]
    return [
        ("lint", [python, "-m", "ruff", "check"]),
        ("format", [python, "-m", "ruff", "format", "--check"]),
        ("types", [python, "-m", "mypy"]),
        ("layers", [str(layout.program("lint-imports"))]),
        ("tests", [*pytest, "-m", "not timed", "-n", "2", "--dist", "loadfile"]),
        ("timed", [*pytest, "-m", "timed"]),
    ]


def check(layout: Layout, pytest_arguments: Sequence[str], call: Call = call) -> int:
    """0 when every check passes, 1 otherwise (pytest's own exit code when it runs alone)."""
    results: list[tuple[str, int, float]] = []
    checks = all_checks(layout, pytest_arguments)
    for name, command in checks:
        print(f"\n== {name}: {' '.join(command[1:] or command)}", flush=True)
        started = time.monotonic()
        results.append((name, call(command, layout), time.monotonic() - started))
    print()
    for name, code, duration_s in results:
        print(f"{'passed' if code == 0 else 'FAILED'}  {name:<8}{duration_s:7.1f} s", flush=True)
    if pytest_arguments:
        return results[0][1]
    return 1 if any(code for _, code, _ in results) else 0
