"""Sets up Seamline in `.venv` and starts it, or checks it: the two commands of the README.

    python3 packaging/bootstrap.py run [ARGS...]     set up what is missing, then `seamline ARGS...`
    python3 packaging/bootstrap.py test [ARGS...]    set up with the test tools, then every check
                                                     (with ARGS: only pytest, with these)

Standard library only. What the set-up says goes to stderr, so that stdout belongs to the program.
This file must parse on Python 3.8, to say there what is wrong; its neighbours need Python 3.11.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys

OLDEST_PYTHON = (3, 11)
# OpenTimelineIO 0.18 has no builds for later ones; raise together with constraints.txt
NEWEST_PYTHON = (3, 13)

WRONG_USE = 2
INTERRUPTED = 130


def main(argv: list[str]) -> int:
    """Exit code of the command in `argv` (without the script's name); on POSIX `run` does not return."""
    if argv[:1] in (["-h"], ["--help"]):
        print(__doc__)
        return 0
    if argv[:1] not in (["run"], ["test"]):
        print(__doc__, file=sys.stderr)
        given = f"not “{argv[0]}”" if argv else "and there is none"
        print(f"The command must be run or test, {given}.", file=sys.stderr)
        return WRONG_USE
    try:
        if not OLDEST_PYTHON <= sys.version_info[:2] <= NEWEST_PYTHON:
            return hand_over_to_fitting_python(argv)
        # Python's safe-path mode leaves the script's own folder out
        sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))  # noqa: PTH100, PTH120 (old Python)
        import setup_flow

        outcome = setup_flow.main(argv[0], argv[1:])
        return outcome if isinstance(outcome, int) else become(outcome)
    except KeyboardInterrupt:
        print("\nInterrupted. The same command goes on from here.", file=sys.stderr)
        return INTERRUPTED


def hand_over_to_fitting_python(argv: list[str]) -> int:
    """Exit code of this script under a fitting Python on PATH, or 1 with a sentence where there is none."""
    here = dotted(sys.version_info[:2])
    command = find_fitting_python()
    if command is None:
        oldest, newest = dotted(OLDEST_PYTHON), dotted(NEWEST_PYTHON)
        print(
            f"Seamline needs Python {oldest} to {newest}, and this is Python {here} ({sys.executable}). "
            f"Install Python {newest}, then run: python{newest} packaging/bootstrap.py {argv[0]}",
            file=sys.stderr,
        )
        return 1
    print(f"This is Python {here}; going on with {' '.join(command)}.", file=sys.stderr)
    return become([*command, os.path.abspath(__file__), *argv])  # noqa: PTH100 (old Python)


def become(command: list[str]) -> int:
    """Exit code of `command`, which gets Ctrl+C alone; on POSIX it takes this process over for good."""
    sys.stdout.flush()
    sys.stderr.flush()
    if os.name == "posix":
        os.execv(command[0], command)
    # Windows cannot replace a process: wait for the program, and leave Ctrl+C to it
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    return subprocess.call(command)


def find_fitting_python() -> list[str] | None:
    """Command that starts the newest fitting Python on PATH, or None; each is tried: shims may be empty."""
    for minor in range(NEWEST_PYTHON[1], OLDEST_PYTHON[1] - 1, -1):
        version = f"3.{minor}"
        for command in (["python" + version], ["py", "-" + version]):
            program = shutil.which(command[0])
            if program is None:
                continue
            ask = [program, *command[1:], "-c", "import sys; print('.'.join(map(str, sys.version_info[:2])))"]
            answer = subprocess.run(ask, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False)
            if answer.stdout.decode("ascii", "replace").strip() == version:
                return [program, *command[1:]]
    return None


def dotted(version: tuple[int, ...]) -> str:
    """`version` as it is usually written."""
    return ".".join(map(str, version))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
