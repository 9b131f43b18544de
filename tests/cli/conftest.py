"""The command line as a user starts it: a process of its own, with homes of its own, on networks of paper."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from paper import PaperTransNetV2, put_networks

if TYPE_CHECKING:
    from films import FilmShelf

_TESTS = str(Path(__file__).parents[1])
_DRIVER = """
import sys, time
delay, tests = float(sys.argv.pop(1)), sys.argv.pop(1)
sys.path.append(tests)
import paper

def wait(number):
    if delay:
        print("window", file=sys.stderr, flush=True)
        time.sleep(delay)

network = paper.PaperTransNetV2()
network.before_window = wait
paper.put_networks(setattr, network)
from seamline_app.cli import main
code = main()
unwanted = sorted({"PySide6", "shiboken6", "pyqtgraph", "torch", "onnx"} & {name.split(".")[0] for name in sys.modules})
if unwanted:
    sys.exit(f"imported {unwanted}")
sys.exit(code)
"""


@dataclass(frozen=True)
class Result:
    code: int
    output: str
    errors: str

    @property
    def said(self) -> str:
        """The sentence to the user."""
        return self.errors.strip().splitlines()[-1]


class CommandLine:
    """Runs `seamline ARGS`; `home` is where its cache and its journals lie."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.environment = os.environ | {
            "XDG_CACHE_HOME": str(home / "cache"),
            "XDG_DATA_HOME": str(home / "data"),
            "XDG_CONFIG_HOME": str(home / "config"),
            "HOME": str(home),
            "LOCALAPPDATA": str(home),
            "PYTHONIOENCODING": "utf-8",
        }

    def command(self, *arguments: object, delay_s: float = 0) -> list[str]:
        """What is run; with a delay, each window of the network takes that long and says so on standard error."""
        return [sys.executable, "-c", _DRIVER, str(delay_s), _TESTS, *map(str, arguments)]

    def start(self, *arguments: object, delay_s: float = 0) -> subprocess.Popen[str]:
        return subprocess.Popen(
            self.command(*arguments, delay_s=delay_s),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            env=self.environment,
        )

    def __call__(self, *arguments: object) -> Result:
        process = self.start(*arguments)
        output, errors = process.communicate(timeout=60)
        assert "Traceback" not in errors
        return Result(process.returncode, output, errors)


@pytest.fixture
def seamline(tmp_path: Path) -> CommandLine:
    return CommandLine(tmp_path / "home")


@pytest.fixture
def in_process(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> Callable[[Sequence[object]], Result]:
    """The same without the second that a new process takes; SystemExit is argparse's way of exiting."""
    from seamline_app.cli import main

    for name in ("XDG_CACHE_HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME", "HOME", "LOCALAPPDATA"):
        monkeypatch.setenv(name, str(tmp_path / "home" / name))

    put_networks(monkeypatch.setattr, PaperTransNetV2())

    def run(arguments: Sequence[object]) -> Result:
        capfd.readouterr()
        try:
            code = main([str(argument) for argument in arguments])
        except SystemExit as exit_:
            code = int(exit_.code or 0)
        written = capfd.readouterr()
        return Result(code, written.out, written.err)

    return run


@pytest.fixture(scope="session")
def long_path(films: FilmShelf) -> Path:
    """600 frames, cut every 60."""
    cuts = range(60, 600, 60)
    return films.make_film(films.folder / "cli long.mp4", frames=600, size=(64, 48), cuts=cuts).path
