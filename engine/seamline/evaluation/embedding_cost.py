"""What embedding a film's shots costs beside the network alone: frames a second from the film, and from ready pictures.

python -m seamline.evaluation.embedding_cost FILM ... [--rounds 5] [--encoder built-in|clip] [--threads 2]

`clip` is CLIP ViT-B/32 with random weights: it costs what the published ones do. Both run by the same session, in turn;
figures are medians. “Decoding” is the way to the pictures alone, with no network beside it; where both share the
processors, one frame takes at best what both take together, and the last figure is how near to that it comes.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from seamline.analysis.analyze import Analysis
from seamline.analysis.embed_shots import BATCH_PICTURES, embed_frames, frames_to_embed
from seamline.analysis.encoder_pictures import FramePictures
from seamline.analysis.shot_samples import Range
from seamline.analysis.signals import Signals
from seamline.analysis.stages import embedding_stage
from seamline.media.film import Film
from seamline.media.open_film import open_film
from seamline.media.wanted_frames import wanted_frames
from seamline.models.encoder import EncoderSpec, ImageEncoder, Pictures, open_efficientnet
from seamline.progress import CancellableProgress

Frames = NDArray[np.int64]

_MOST_READY = 512
"""Pictures held ready, 77 MB; more are made by going through them again."""


def random_clip(threads: int | None = None) -> ImageEncoder:
    """CLIP ViT-B/32's image side with random weights."""
    # torch makes the graph; measuring the built-in encoder needs none of it
    import torch

    from seamline.models.clip import Clip, ClipSize
    from seamline.models.clip_cards import CLIP_OPENAI
    from seamline.models.clip_onnx import image_graph_of
    from seamline.models.clip_session import ClipImageEncoder

    torch.manual_seed(0)
    identity = {"name": "random CLIP", "version": "1", "weights_sha256": "none"}
    graph = image_graph_of(Clip(ClipSize(is_quick=True)).eval(), identity)
    return ClipImageEncoder(CLIP_OPENAI, graph, threads=threads)


@dataclass(frozen=True, slots=True)
class Cost:
    """Of one film, in seconds: the medians of the rounds; `share` is the median of the rounds' own ratios."""

    frames: int
    bare_s: float
    film_s: float
    decoding_s: float
    share: float


def measure(film: Film, frames: Frames, encoder: ImageEncoder, rounds: int) -> Cost:
    """The frames' embeddings from ready-made batches, from the film, and their pictures alone, in turn."""
    ready = _ready(film, frames[:_MOST_READY], encoder.spec)
    encoder.encode(ready[:BATCH_PICTURES])
    rows: list[tuple[float, float, float]] = []
    for _ in range(rounds):
        bare_s = _seconds(lambda: _encode_ready(ready, len(frames), encoder))
        film_s = _seconds(lambda: embed_frames(film, frames, encoder, None, progress=CancellableProgress()))
        decoding_s = _seconds(lambda: _only_pictures(film, frames, encoder.spec))
        rows.append((bare_s, film_s, decoding_s))
    bare_s, film_s, decoding_s = (statistics.median(column) for column in zip(*rows, strict=True))
    return Cost(
        len(frames), bare_s, film_s, decoding_s, statistics.median(bare / whole for bare, whole, _ in rows)
    )


def analysed(film: Film) -> tuple[list[Range], Signals]:
    """The film's shots and curves."""
    analysis = Analysis(film, further=(embedding_stage(film),))
    analysis.run(progress=CancellableProgress())
    cuts = [0, *(seam.cut_frame for seam in analysis.seams), film.frame_count]
    return [(start, end) for start, end in pairwise(cuts) if end > start], analysis.signals


def twice_a_second(film: Film) -> int:
    """How many frames that would be, without a look at the shots."""
    return len(range(0, film.frame_count, max(1, round(film.rate * Fraction(1, 2)))))


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m seamline.evaluation.embedding_cost", description=__doc__)
    parser.add_argument("films", type=Path, nargs="+", metavar="FILM")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--encoder", choices=("built-in", "clip"), default="clip")
    parser.add_argument("--threads", type=int, default=None)
    options = parser.parse_args(arguments)
    is_built_in = options.encoder == "built-in"
    encoder = open_efficientnet(threads=options.threads) if is_built_in else random_clip(options.threads)
    for path in options.films:
        film = open_film(path, progress=CancellableProgress())
        shots, signals = analysed(film)
        # as of an encoder that has no curve: all of it is decoded
        frames = frames_to_embed(shots, film, replace(encoder.spec, key="no curve"), signals)
        cost = measure(film, frames, encoder, options.rounds)
        even = twice_a_second(film)
        _write(
            f"{path.name}: {film.frame_count} frames, {len(shots)} shots; {len(frames)} samples, "
            f"{len(frames) / len(shots):.1f} a shot; twice a second {even}, {even / len(shots):.1f} a shot"
        )
        together_s = cost.bare_s + cost.decoding_s
        _write(
            f"  {options.encoder} on {encoder.device}: {cost.frames / cost.bare_s:.1f} frames/s bare, "
            f"{cost.frames / cost.film_s:.1f} from the film ({cost.share:.1%}), decoding alone "
            f"{cost.frames / cost.decoding_s:.1f}; {together_s / cost.film_s:.1%} of both on the same processors"
        )
    return 0


def _ready(film: Film, frames: Frames, spec: EncoderSpec) -> Pictures:
    pictures_of = FramePictures(film, spec)
    return np.stack([pictures_of.of(frame) for _, frame in wanted_frames(film, frames.tolist())])


def _only_pictures(film: Film, frames: Frames, spec: EncoderSpec) -> None:
    pictures_of = FramePictures(film, spec)
    for _, frame in wanted_frames(film, frames.tolist()):
        pictures_of.of(frame)


def _encode_ready(ready: Pictures, count: int, encoder: ImageEncoder) -> None:
    for start in range(0, count, BATCH_PICTURES):
        at = start % max(1, len(ready) - BATCH_PICTURES + 1)
        encoder.encode(ready[at : at + min(BATCH_PICTURES, count - start)])


def _seconds(work: Callable[[], object]) -> float:
    began_s = time.perf_counter()
    work()
    return time.perf_counter() - began_s


def _write(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
