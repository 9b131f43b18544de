"""Random looks, joins and distractors, each from a generator of random numbers."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np

from seamline.evaluation.synthetic_plan import (
    BLACK,
    STAYING_DISTRACTORS,
    WHITE,
    Colour,
    Distractor,
    Join,
    Look,
)
from seamline.evaluation.synthetic_settings import GeneratorSettings, Span
from seamline.evaluation.synthetic_sources import WHOLE, Region
from seamline.evaluation.synthetic_wipes import MOVING_WIPES

_DISTRACTOR_FRAMES: dict[str, Span] = {
    "flash": (1, 3),
    "strobe": (6, 40),
    "lightning": (4, 24),
    "explosion": (8, 45),
    "light": (6, 90),
    "exposure dip": (6, 40),
    "whip pan": (4, 14),
    "shake": (5, 30),
    "caption": (10, 90),
    "sliding caption": (5, 20),
    "logo": (10, 90),
    "passing object": (4, 30),
    "focus": (8, 50),
    "picture in picture": (15, 90),
    "freeze": (4, 40),
    "duplicate": (1, 3),
    "drop": (1, 1),
}


def chosen(rng: np.random.Generator, shares: Mapping[str, float]) -> str:
    """One of the names, as often as its share says."""
    names, weights = list(shares), np.array(list(shares.values()), np.float64)
    return names[int(rng.choice(len(names), p=weights / weights.sum()))]


def drawn_length(rng: np.random.Generator, span: Span) -> int:
    """A length in frames; twice as long is half as likely, so short ones are well represented."""
    low, high = math.log(span[0] + 0.5), math.log(span[1] + 1.5)
    return min(span[1], max(span[0], int(math.exp(rng.uniform(low, high)) - 0.5)))


def drawn_seed(rng: np.random.Generator) -> int:
    return int(rng.integers(1, 2**31))


def drawn_join(rng: np.random.Generator, settings: GeneratorSettings) -> Join:
    """A join of any kind; a jump cut is a cut of that subtype."""
    kind = chosen(rng, settings.joins)
    if kind in ("cut", "jump cut"):
        return Join(subtype="punch-in" if kind == "jump cut" and rng.random() < 0.35 else kind)
    if kind == "dissolve":
        subtype = "additive" if rng.random() < 0.12 else "linear"
        eased = subtype == "linear" and rng.random() < 0.3
        frames = drawn_length(rng, settings.dissolve_frames)
        return Join(kind, "s-curve" if eased else subtype, frames, eased=eased)
    if kind == "fade":
        return _drawn_fade(rng, settings)
    subtype = chosen(rng, settings.wipes)
    quarter = float(rng.integers(4)) * 90
    soft = subtype not in MOVING_WIPES and rng.random() < 0.5
    lined = subtype not in (*MOVING_WIPES, "pixels", "matrix", "bars") and not soft and rng.random() < 0.2
    return Join(
        kind,
        subtype,
        drawn_length(rng, settings.wipe_frames),
        softness=float(rng.uniform(0.02, 0.5)) if soft else 0,
        border=float(rng.uniform(0.005, 0.04)) if lined else 0,
        colour=drawn_colour(rng),
        angle_deg=float(rng.uniform(0, 360)) if subtype == "diagonal" else quarter,
        eased=bool(rng.random() < 0.3),
        seed=drawn_seed(rng),
    )


def _drawn_fade(rng: np.random.Generator, settings: GeneratorSettings) -> Join:
    subtype = chosen(rng, {"black": 0.6, "white": 0.15, "colour": 0.07, "title": 0.18})
    colour: Colour = {"black": BLACK, "white": WHITE}.get(subtype, BLACK)
    if subtype == "colour" or (subtype == "title" and rng.random() < 0.25):
        colour = drawn_colour(rng)
    out, back = (drawn_length(rng, settings.fade_frames) for _ in range(2))
    if rng.random() < 0.5:
        back = out
    hold = drawn_length(rng, settings.hold_frames)
    if subtype == "title":
        hold += int(rng.integers(15, 60))
    # a cut to the colour that fades up, or a fade out that is followed by a cut
    one_sided = rng.random()
    if hold and one_sided < 0.12:
        out = 0
    elif hold and one_sided < 0.24:
        back = 0
    return Join(
        "fade", subtype, out + hold + back, out, back, colour, titled=subtype == "title", seed=drawn_seed(rng)
    )


def drawn_end(rng: np.random.Generator, settings: GeneratorSettings, *, opening: bool) -> Join:
    """A fade from black at the film's start, or to black at its end."""
    way, hold = drawn_length(rng, settings.fade_frames), drawn_length(rng, settings.hold_frames)
    return Join("fade", "black", way + hold, 0 if opening else way, way if opening else 0)


def drawn_colour(rng: np.random.Generator) -> Colour:
    red, green, blue = (int(value) for value in rng.integers(0, 256, 3))
    return (red, green, blue)


def drawn_look(rng: np.random.Generator) -> Look:
    """A look for a piece: most of what can be done is not done to any one of them."""
    plain_grade = rng.random() < 0.3
    return Look(
        flip=bool(rng.random() < 0.5),
        region=_drawn_region(rng) if rng.random() < 0.35 else WHOLE,
        grain=float(rng.uniform(3, 16)) if rng.random() < 0.15 else 0,
        blur=float(rng.uniform(0.002, 0.03)) if rng.random() < 0.1 else 0,
        bars=float(rng.choice([0.24, 0.13, -0.25])) if rng.random() < 0.08 else 0,
        **({} if plain_grade else _drawn_grade(rng)),  # type: ignore[arg-type]
    )


def drawn_finish(rng: np.random.Generator) -> Look:
    """A look for a whole film."""
    return Look(
        grain=float(rng.uniform(3, 14)) if rng.random() < 0.4 else 0,
        bars=float(rng.choice([0.24, 0.13, -0.25])) if rng.random() < 0.4 else 0,
        saturation=0 if rng.random() < 0.25 else 1,
        contrast=float(rng.uniform(0.7, 1.25)) if rng.random() < 0.5 else 1,
        gamma=float(rng.uniform(0.7, 1.5)) if rng.random() < 0.4 else 1,
    )


def nearer(region: Region, rng: np.random.Generator) -> Region:
    """A part of the region, a little off its middle: what a punch-in shows."""
    share = rng.uniform(0.7, 0.92)
    width, height = region[2] - region[0], region[3] - region[1]
    left = region[0] + width * (1 - share) * rng.uniform(0.3, 0.7)
    top = region[1] + height * (1 - share) * rng.uniform(0.2, 0.6)
    return (float(left), float(top), float(left + width * share), float(top + height * share))


def drawn_distractors(
    rng: np.random.Generator, settings: GeneratorSettings, full_frames: int, source_count: int
) -> tuple[Distractor, ...]:
    """Distractors for a piece, in order, none within the margin of another or of the piece's ends."""
    wanted = int(rng.poisson(full_frames * settings.distractors_per_1000_frames / 1000))
    margin = settings.margin_frames
    free, found = margin, []
    for _ in range(wanted):
        kind = chosen(rng, settings.distractors)
        frames = drawn_length(rng, _DISTRACTOR_FRAMES[kind])
        room = full_frames - margin - frames - free
        if room < 0:
            continue
        start = free + int(rng.integers(room // 2 + 1))
        stays = kind == "sliding caption" or (kind in STAYING_DISTRACTORS and bool(rng.random() < 0.5))
        source = int(rng.integers(source_count))
        found.append(Distractor(kind, start, frames, drawn_seed(rng), stays, source))
        free = start + frames + margin
    return tuple(found)


def _drawn_region(rng: np.random.Generator) -> Region:
    share = rng.uniform(0.6, 0.97)
    left, top = rng.uniform(0, 1 - share, 2)
    return (float(left), float(top), float(left + share), float(top + share))


def _drawn_grade(rng: np.random.Generator) -> dict[str, object]:
    cast = tuple(float(value) for value in np.clip(rng.normal(1, 0.07, 3), 0.75, 1.25))
    saturation = rng.random()
    return {
        "brightness": float(rng.normal(0, 12)),
        "contrast": float(np.clip(rng.normal(1, 0.15), 0.55, 1.5)),
        "gamma": float(np.exp(rng.normal(0, 0.22))),
        "cast": cast if rng.random() < 0.6 else (1.0, 1.0, 1.0),
        "saturation": 0.0 if saturation < 0.1 else float(rng.uniform(0.5, 1.4)) if saturation < 0.6 else 1.0,
    }
