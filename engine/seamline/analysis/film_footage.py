"""Which shots of an analysed film were taken together, with the built-in encoder's eyes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from pathlib import Path

from seamline.analysis.embed_shots import embed_shots, known_of_shots
from seamline.analysis.pace import Pace
from seamline.analysis.shot_groups import group_shots
from seamline.analysis.signals import Signals
from seamline.media.film import Film
from seamline.models.encoder import EFFICIENTNET_LITE0_ENCODER, ImageEncoder, LateEncoder
from seamline.models.same_footage import same_footage_model
from seamline.progress import Progress
from seamline.project.footage import ShotFootage
from seamline.project.labels import Range


def film_footage(
    film: Film,
    shots: Sequence[Range],
    folder: Path | None,
    signals: Signals,
    open_encoder: Callable[[], ImageEncoder],
    *,
    progress: Progress,
    pace: Pace | None = None,
) -> tuple[ShotFootage, ...]:
    """The shots by set-up and scene.

    Nearly all comes from the film's curves in `signals`; only pictures of shots shorter than a second or two are
    decoded, once: `folder`, the film's own in the cache, keeps what is made of them. Raises Cancelled, ModelError, or
    MediaError where the film cannot be opened any more.
    """
    encoder = LateEncoder(EFFICIENTNET_LITE0_ENCODER, open_encoder)
    vectors = embed_shots(film, shots, encoder, folder, signals=signals, progress=progress, pace=pace)
    return group_shots(vectors, shots, same_footage_model(encoder.spec), signals=signals, progress=progress)


def kept_film_footage(
    shots: Sequence[Range], folder: Path | None, signals: Signals, rate: Fraction
) -> tuple[ShotFootage, ...]:
    """The same by what is there already, without a decode; shots that nothing is known of are left out.

    `rate`: the film's frames a second.
    """
    vectors = known_of_shots(shots, rate, EFFICIENTNET_LITE0_ENCODER, folder, signals)
    if not len(vectors):
        return ()
    return group_shots(vectors, shots, same_footage_model(EFFICIENTNET_LITE0_ENCODER), signals=signals)
