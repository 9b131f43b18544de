"""A runner of commands that starts nothing."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from setup_commands import Finished
from setup_stamp import Layout


class FakeRun:
    """Stands for the runner: records commands, does what the set-up relies on, fails where told to."""

    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        self.commands: list[str] = []
        self.failures: dict[str, Finished | BaseException] = {}

    def __call__(self, command: Sequence[str], *, cwd: Path | None = None) -> Finished:
        line = " ".join(command)
        self.commands.append(line)
        for part, failure in self.failures.items():
            if part in line:
                if isinstance(failure, BaseException):
                    raise failure
                return failure
        if "-m venv" in line:
            self.make_programs("python")
            (self.layout.venv / "pyvenv.cfg").touch()
        if "--editable" in line:
            self.make_programs("seamline")
        return Finished(0, "")

    def make_programs(self, name: str) -> None:
        """Put an empty program into the environment."""
        path = self.layout.program(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()

    def count(self, part: str) -> int:
        """How many of the recorded commands hold `part`."""
        return sum(part in line for line in self.commands)
