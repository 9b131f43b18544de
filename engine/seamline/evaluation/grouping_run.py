"""Makes assembled films of known footage, groups their shots, and tells how well."""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from seamline.analysis.embeddings import embedding_signal
from seamline.analysis.frame_vectors import FrameVectors
from seamline.analysis.pipeline import run_stages
from seamline.analysis.shot_groups import FootageModel, GroupRule, group_shots
from seamline.analysis.signals import Signals
from seamline.analysis.similarity import SimilarityStage
from seamline.analysis.stages import embedding_stage
from seamline.errors import MediaError, SeamlineError
from seamline.evaluation.grouping_films import TrueShot, assembled_film
from seamline.evaluation.grouping_metrics import Grouping, grouping_figures, repeat_figures
from seamline.evaluation.grouping_takes import TAKES, Take
from seamline.evaluation.synthetic_film import Encoding, write_film
from seamline.evaluation.synthetic_sources import ShotSource, film_source
from seamline.media.film import Film
from seamline.media.open_film import open_film
from seamline.models.encoder import EFFICIENTNET_LITE0_ENCODER
from seamline.progress import CancellableProgress
from seamline.project.footage import ShotFootage

FILMS_A_HALF = 6
_SIZE = 320, 180
_ENCODING = Encoding(crf=24)
_SOURCE_BYTES = 16 << 20


def film_curves(film: Film) -> tuple[FrameVectors, Signals]:
    """What a film's shots are grouped by. Raises MediaError or ModelError."""
    signals = Signals(film.frame_count)
    failures = run_stages(
        film,
        (SimilarityStage(), embedding_stage(film)),
        signals,
        progress=CancellableProgress(),
        on_block=lambda _: None,
    )
    for failure in failures:
        raise failure.error
    name = embedding_signal(EFFICIENTNET_LITE0_ENCODER.id)
    vectors = signals.known(name)
    frames = np.arange(len(vectors), dtype=np.int64) * signals.every_frames(name)
    return FrameVectors(EFFICIENTNET_LITE0_ENCODER.key, frames, vectors), signals


def figures(films: Sequence[tuple[Sequence[TrueShot], Sequence[ShotFootage]]]) -> dict[str, Any]:
    """For films with every shot's truth and what was found of it: shares from 0 to 1 and counts."""
    repeats = repeat_figures(
        (true.repeats, told.repeats)
        for truth, found in films
        for true, told in zip(truth, found, strict=True)
    )
    return {
        "films": len(films),
        "shots": sum(len(truth) for truth, _ in films),
        "setups": asdict(
            grouping_figures(
                Grouping([t.take for t in truth], [f.setup for f in found]) for truth, found in films
            )
        ),
        "scenes": asdict(
            grouping_figures(
                Grouping([t.scene for t in truth], [f.scene for f in found]) for truth, found in films
            )
        ),
        "repeats": {**asdict(repeats), "precision": repeats.precision, "recall": repeats.recall},
    }


def half_figures(
    folder: Path,
    takes: Sequence[Take],
    *,
    count: int = FILMS_A_HALF,
    model: FootageModel | None = None,
    rule: GroupRule | None = None,
) -> dict[str, Any]:
    """The figures of `count` films made of these takes, whose clips lie in `folder`. Raises SeamlineError."""
    with ExitStack() as stack:
        work = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        sources: list[ShotSource] = [
            stack.enter_context(
                closing(film_source(path, take.start_frame, take.end_frame, cache_bytes=_SOURCE_BYTES))
            )
            for take, path in zip(takes, _places(folder, takes), strict=True)
        ]
        films = []
        for seed in range(count):
            assembled, path = assembled_film(takes, seed), work / f"{seed}.mp4"
            write_film(assembled.plan, sources, path, _SIZE, _ENCODING)
            vectors, signals = film_curves(open_film(path))
            ranges = [shot.range for shot in assembled.shots]
            found = group_shots(vectors, ranges, model, signals=signals, rule=rule)
            films.append((assembled.shots, found))
    return figures(films)


def _places(folder: Path, takes: Sequence[Take]) -> Iterator[Path]:
    lying = {path.name: path for path in sorted(folder.rglob("*"), reverse=True) if path.is_file()}
    for take in takes:
        if take.clip not in lying:
            raise MediaError(
                f"“{take.clip}” is not in “{folder}” nor below it: name the folder with the clips."
            )
        yield lying[take.clip]


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m seamline.evaluation.grouping_films",
        description="Assembles films of known footage, groups their shots, and tells how well that was done.",
    )
    parser.add_argument("folder", type=Path, help="where the clips are, at any depth")
    parser.add_argument("--films", type=int, default=FILMS_A_HALF, help="of each half (default: %(default)s)")
    parser.add_argument("--json", action="store_true", help="print JSON")
    chosen = parser.parse_args(arguments)
    try:
        halves = {
            name: half_figures(
                chosen.folder, [t for t in TAKES if t.is_reported == is_reported], count=max(1, chosen.films)
            )
            for name, is_reported in (("chosen by", False), ("reported", True))
        }
    except SeamlineError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    if chosen.json:
        sys.stdout.write(json.dumps(halves, indent=2) + "\n")
        return 0
    for name, half in halves.items():
        sys.stdout.write(f"{name}: {half['films']} films, {half['shots']} shots\n")
        for kind in ("setups", "scenes"):
            of = half[kind]
            sys.stdout.write(
                f"  {kind}: V-measure {of['v_measure']:.3f} (homogeneity {of['homogeneity']:.3f}, completeness "
                f"{of['completeness']:.3f}), pairs P {of['pair_precision']:.3f} R {of['pair_recall']:.3f} "
                f"F1 {of['pair_f1']:.3f}\n"
            )
        of = half["repeats"]
        sys.stdout.write(
            f"  repeats: {of['true']}, told {of['told']}, right {of['right']} "
            f"(P {of['precision']:.3f} R {of['recall']:.3f})\n"
        )
    return 0
