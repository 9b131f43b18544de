"""What labels add to the analysis of a film: the same film with and without them, in turn.

python -m seamline.evaluation.label_cost FILM [--rounds 3]
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

from seamline.analysis.analyze import Analysis
from seamline.analysis.labels import Labeller
from seamline.analysis.run_report import RunReport
from seamline.analysis.stage import Stage
from seamline.analysis.stages import embedding_stage, label_stages
from seamline.analysis.thumbnails_stage import ThumbnailStage
from seamline.media.film import Film
from seamline.media.open_film import open_film
from seamline.progress import CancellableProgress


def measure(film: Film, *, with_labels: bool) -> RunReport:
    """One analysis of the whole film as the window makes it, but for proxies, from nothing."""
    with tempfile.TemporaryDirectory() as folder:
        stages: tuple[Stage, ...] = label_stages(film) if with_labels else (embedding_stage(film),)
        stages = (*stages, ThumbnailStage.for_film(film, Path(folder)))
        analysis = Analysis(film, further=stages)
        report = analysis.run(progress=CancellableProgress())
        if with_labels:
            cuts = [0, *(seam.cut_frame for seam in analysis.seams), film.frame_count]
            Labeller(analysis.signals, film.rate).labels(pairwise(cuts))
        return report


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m seamline.evaluation.label_cost", description=__doc__)
    parser.add_argument("film", type=Path)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args(arguments)
    film = open_film(options.film, progress=CancellableProgress())
    ratios: list[tuple[float, float]] = []
    for number in range(1, options.rounds + 1):
        without, labelled = measure(film, with_labels=False), measure(film, with_labels=True)
        ratios.append((labelled.seconds / without.seconds, labelled.cpu_seconds / without.cpu_seconds))
        sys.stdout.write(
            f"{number}: {without.seconds:.1f} s and {without.cpu_seconds:.1f} s of processor without, "
            f"{labelled.seconds:.1f} and {labelled.cpu_seconds:.1f} with labels\n"
        )
        sys.stdout.flush()
    wall, cpu = (statistics.median(ratio) for ratio in zip(*ratios, strict=True))
    sys.stdout.write(f"labels add {wall - 1:.1%} of the time, {cpu - 1:.1%} of the processor's (medians)\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
