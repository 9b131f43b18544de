"""Seamline as a contender: `python -m seamline.evaluation.bench_seamline full|cuts FILM RESULT.json`."""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from pathlib import Path

from seamline.analysis.analyze import Analysis
from seamline.analysis.stages import further_stages
from seamline.errors import MediaError, SeamlineError
from seamline.media.film import Film
from seamline.media.loudness import read_loudness
from seamline.media.open_film import open_film
from seamline.progress import CancellableProgress


def main(arguments: Sequence[str] | None = None) -> int:
    """Do the work once, without a cache, and write what it took and found; exit code 0 or 1."""
    parser = argparse.ArgumentParser(prog="python -m seamline.evaluation.bench_seamline")
    parser.add_argument("work", choices=("full", "cuts"))
    parser.add_argument("film", type=Path)
    parser.add_argument("result", type=Path)
    options = parser.parse_args(arguments)
    began = time.monotonic()
    try:
        film = open_film(options.film)
        with tempfile.TemporaryDirectory() as folder:
            analysis = everything(film, Path(folder)) if options.work == "full" else seams_alone(film)
        result = _found(analysis)
    except SeamlineError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    result["analysis_s"] = time.monotonic() - began
    options.result.write_text(json.dumps(result), encoding="utf-8")
    return 0


def everything(film: Film, folder: Path) -> Analysis:
    """All that the window knows of a film after its analysis. Raises SeamlineError if any of it fails.

    Cuts and their kinds, similarity, motion, embeddings, thumbnails (in `folder`) and, in a thread of its own,
    the loudness.
    """
    analysis = Analysis(film, further=further_stages(film, folder))
    progress = CancellableProgress()
    failures: list[SeamlineError] = []

    def listen() -> None:
        try:
            for _ in read_loudness(film, progress=progress) or ():
                pass
        except SeamlineError as error:
            failures.append(error)

    listener = threading.Thread(target=listen, name="seamline-loudness", daemon=True)
    listener.start()
    report = analysis.run(progress=progress)
    listener.join()
    if failures:
        raise failures[0]
    if report.failures:
        raise MediaError(report.failures[0])
    return analysis


def seams_alone(film: Film) -> Analysis:
    """What `seamline analyze --no-cache` does. Raises SeamlineError."""
    analysis = Analysis(film)
    analysis.run(progress=CancellableProgress())
    return analysis


def _found(analysis: Analysis) -> dict[str, object]:
    return {
        "frames": analysis.done_frames,
        "device": analysis.device,
        "seams": [[seam.out_frame, seam.in_frame, str(seam.kind)] for seam in analysis.seams],
    }


if __name__ == "__main__":
    sys.exit(main())
