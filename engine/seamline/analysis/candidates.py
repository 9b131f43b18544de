"""Where seams may be: spans of the curves that rise above the noise, not yet decided."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from seamline.analysis.evidence import KIND_EVIDENCE, MIDDLE_EVIDENCE
from seamline.analysis.fades import fade_zones, runs_of
from seamline.analysis.signals import Signals
from seamline.analysis.similarity import CONTRAST, DISPLACEMENT, RELIGHTING, SIMILARITY
from seamline.analysis.stage import FloatArray
from seamline.analysis.transitions import CUT_PROBABILITY, TRANSITION_PROBABILITY
from seamline.project.types import SeamKind

NEEDED_CURVES = (
    CUT_PROBABILITY, TRANSITION_PROBABILITY, SIMILARITY, CONTRAST, RELIGHTING, DISPLACEMENT,
    *KIND_EVIDENCE, MIDDLE_EVIDENCE,
)  # fmt: skip
KINDS = (SeamKind.CUT, SeamKind.DISSOLVE, SeamKind.FADE, SeamKind.WIPE)
"""In the order of the evidence's curves."""

BLANK_CONTRAST = 0.01
"""A picture whose luma varies less (standard deviation, 0 to 1) is black, white or a plain colour."""
FAINT = 0.25
"""Where the networks see less than this, there is no candidate."""
_BETWEEN = 0.3
# of its peak, where a gradual seam begins and ends: at both ends within 2 frames of the truth are 82 % of the
# dissolves of drawn films so, against 65 % at FAINT (305 gradual seams, 2026-11)
_SPAN_SHARE = 0.6
_CUT_GAPS = 2
_LEAST_VOTE = 0.1
_CUT_PEAK = 0.4
_HOLE_GAPS = 2
# measured on slow dissolves and on titles, 2026-11: neighbouring frames of a title differ by up to 4e-4 (1 - SSIM), its
# contrast by up to .001 in 8 frames; the slowest dissolve at hand by 6e-4 and .006 in the median
_STILL_CHANGE = 5e-4
_STILL_CONTRAST = 0.0015
_STILL_REACH = 4
_STILL_FRAMES = 10


@dataclass(frozen=True, slots=True)
class Curves:
    """The known part of the curves, float32[N] each; `kinds` is float32[4, N] in the order of `KINDS`.

    Where TransNetV2 was not asked, `cut` and `transition` say what the seam network says.
    """

    cut: FloatArray
    transition: FloatArray
    similarity: FloatArray
    contrast: FloatArray
    relighting: FloatArray
    displacement: FloatArray
    kinds: FloatArray
    middle: FloatArray

    @property
    def evidence(self) -> FloatArray:
        """That a gap is part of any seam, by the seam network."""
        total: FloatArray = self.kinds.sum(0)
        return total


@dataclass(frozen=True, slots=True)
class Candidate:
    """What may be a seam: `out_frame` is the last frame wholly of one shot, `in_frame` the first of the next."""

    out_frame: int
    in_frame: int
    kind: SeamKind

    @property
    def is_gradual(self) -> bool:
        return self.in_frame > self.out_frame + 1


def known_curves(signals: Signals) -> Curves | None:
    """The curves as far as all of them are known, None while one is missing."""
    if not all(name in signals for name in NEEDED_CURVES):
        return None
    done = signals.done_frames(*NEEDED_CURVES)
    cut, transition, similarity, contrast, relighting, displacement, *kinds, middle = (
        signals[name][:done] for name in NEEDED_CURVES
    )
    at = np.stack(kinds)
    cut = np.where(np.isnan(cut), at[0], cut)
    transition = np.where(np.isnan(transition), at.sum(0), transition)
    return Curves(cut, transition, similarity, contrast, relighting, displacement, at, middle)


def find_candidates(curves: Curves) -> list[Candidate]:
    """All that may be a seam, in order and apart from one another.

    A span is where either network sees something. Inside it a cut stands for itself; what is left on its two
    sides is its own blur if short, and a gradual seam next to it if long. Two gradual ones with
    nothing between them but a blank picture and its ramps are the halves of one fade.
    """
    evidence = curves.evidence
    seen = np.maximum(evidence, np.maximum(curves.cut, curves.transition))
    found: list[Candidate] = []
    for start, end in _joined(runs_of(seen > FAINT), seen):
        if end < len(seen):  # else there is no shot behind it
            found += _parts(curves, start, end)
    zones = fade_zones(curves.contrast, BLANK_CONTRAST)
    return [_named(candidate, zones) for candidate in _fades_joined(found, zones)]


def _joined(runs: list[tuple[int, int]], seen: FloatArray) -> Iterator[tuple[int, int]]:
    """Runs with a short hole between them, or a shallow one, are one."""
    held: tuple[int, int] | None = None
    for start, end in runs:
        if held is None:
            held = start, end
        elif start - held[1] <= _HOLE_GAPS or seen[held[1] : start].min() > _BETWEEN:
            held = held[0], end
        else:
            yield held
            held = start, end
    if held is not None:
        yield held


def _parts(curves: Curves, start: int, end: int) -> Iterator[Candidate]:
    at_cut = curves.kinds[0, start:end] + curves.cut[start:end]
    if end - start <= _CUT_GAPS:
        yield _cut(start + int(at_cut.argmax()))
        return
    others = curves.kinds[1:, start:end].sum(0)
    peaks = runs_of((curves.kinds[0, start:end] > _CUT_PEAK) & (curves.kinds[0, start:end] > others))
    if not peaks and others.max() < FAINT and curves.transition[start:end].max() < 2 * FAINT:
        yield _cut(start + int(at_cut.argmax()))
        return
    places = [start + a + int(at_cut[a:b].argmax()) for a, b in peaks]
    borders = [start, *(place for place in places for _ in (0, 1)), end]
    # gaps: [start, cut), (cut, next cut), ..., (cut, end)
    stretches = [(a + (a in places), b) for a, b in zip(borders[0::2], borders[1::2], strict=True)]
    for number, (a, b) in enumerate(stretches):
        if b - a > _CUT_GAPS and (not places or others[a - start : b - start].max() > 2 * FAINT):
            for first, last in _moving_parts(curves, a, b):
                first, last = _trimmed(curves, first, last)
                yield Candidate(first, last, _kind(curves, first, last))
        if number < len(places):
            yield _cut(places[number])


def _moving_parts(curves: Curves, start: int, end: int) -> list[tuple[int, int]]:
    """The parts of a gradual span between still pictures that stand in it: a title that fades in, stays, and fades out
    is a shot of its own. A blank picture is none."""
    gaps = np.arange(start, end)
    before, behind = np.maximum(gaps - _STILL_REACH, 0), np.minimum(gaps + _STILL_REACH, len(curves.cut) - 1)
    still = (
        (1 - curves.similarity[gaps] < _STILL_CHANGE)
        & (np.abs(curves.contrast[behind] - curves.contrast[before]) < _STILL_CONTRAST)
        & (curves.contrast[gaps] > BLANK_CONTRAST)
    )
    stands = [(a + start, b + start) for a, b in runs_of(still) if b - a >= _STILL_FRAMES]
    borders = [start, *(frame for stand in stands for frame in stand), end]
    parts = list(zip(borders[0::2], borders[1::2], strict=True))
    return [(a, b) for a, b in parts if b - a > _CUT_GAPS] or [(start, end)]


def _trimmed(curves: Curves, start: int, end: int) -> tuple[int, int]:
    """The span without the faint ends that both networks smear a gradual seam over."""
    evidence = curves.evidence[start:end]
    if evidence.max() < 2 * FAINT:
        evidence = curves.transition[start:end]
    strong = np.flatnonzero(evidence >= _SPAN_SHARE * evidence.max())
    first, last = start + int(strong[0]), start + int(strong[-1]) + 1
    return (first, last) if last - first > 1 else (start, end)


def _cut(gap: int) -> Candidate:
    return Candidate(gap, gap + 1, SeamKind.CUT)


def _kind(curves: Curves, start: int, end: int) -> SeamKind:
    """The kind that most of the gaps speak for; a dissolve where only TransNetV2 sees anything."""
    votes = curves.kinds[1:, start:end].mean(1)
    return KINDS[1 + int(votes.argmax())] if votes.max() > _LEAST_VOTE else SeamKind.DISSOLVE


def _fades_joined(found: list[Candidate], zones: list[tuple[int, int]]) -> list[Candidate]:
    """Two seams, not both cuts, between which there is nothing but a blank picture, are one."""
    if not found:
        return []
    joined = [found[0]]
    for before, candidate in pairwise(found):
        held = joined[-1]
        gradual = before.is_gradual or candidate.is_gradual or held.is_gradual
        inside = any(a <= held.in_frame and candidate.out_frame < b for a, b in zones)
        if gradual and inside:
            joined[-1] = Candidate(held.out_frame, candidate.in_frame, SeamKind.FADE)
        else:
            joined.append(candidate)
    return joined


def _named(candidate: Candidate, zones: list[tuple[int, int]]) -> Candidate:
    """A gradual seam through a blank picture is a fade, whatever the network calls it, but for a wipe."""
    if not candidate.is_gradual or candidate.kind in (SeamKind.FADE, SeamKind.WIPE):
        return candidate
    # the span may end where the picture begins to emerge: the ramp belongs to the fade too
    touches = any(a <= candidate.in_frame and candidate.out_frame < b for a, b in zones)
    return Candidate(candidate.out_frame, candidate.in_frame, SeamKind.FADE) if touches else candidate
