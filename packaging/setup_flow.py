"""The two commands after Python's version is known to fit."""

from __future__ import annotations

from pathlib import Path

import setup_checks
from setup_commands import Run, SetupError, run, say
from setup_environment import ensure
from setup_stamp import Layout


def main(command: str, arguments: list[str], *, root: Path | None = None, run: Run = run) -> int | list[str]:
    """Exit code, or the command line of the program that is to take over, for `run` or `test`."""
    layout = Layout(root or Path(__file__).resolve().parent.parent)
    try:
        if command == "test":
            ensure(layout, "test", run)
            return setup_checks.check(layout, arguments)
        ensure(layout, "run", run)
    except SetupError as error:
        say(f"The set-up failed. {error}")
        return 1
    except OSError as error:
        where = f" ({error.filename})" if error.filename else ""
        say(f"The set-up failed: {error.strerror or error}{where}. Mend that, then run this again.")
        return 1
    program = layout.program("seamline")
    if not program.is_file():
        say(f"{program} is missing. Delete {layout.venv}, then run the same command again.")
        return 1
    return [str(program), *arguments]
