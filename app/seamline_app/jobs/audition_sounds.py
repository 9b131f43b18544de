"""What is heard of a cut: A's sound up to it and B's from it on, made from samples in memory."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from seamline.errors import SeamlineError
from seamline.media.film import Film
from seamline.media.sound import SOUND_RATE, Samples, SoundDecoder
from seamline.progress import Progress
from seamline.project.match_cuts import MatchSide
from seamline.project.match_playing import cut_s, played
from seamline_app.jobs.sound_pieces import faded, padded, silence

HELD_S = 3
"""How much sound is held before the cut and behind it, as far as the shot goes."""
NEEDED_S = 2
"""How much of it there must be: what plays, and a second to slide the cut into."""

Span = tuple[float, float]
"""From when to when, in seconds from the film's first picture."""


@dataclass(frozen=True, slots=True, eq=False)
class HeldSound:
    """Sound of a film in memory; `first_sample` counts from the film's first picture. Without samples, `trouble` says
    why."""

    first_sample: int
    samples: Samples
    trouble: str = ""

    def covers(self, side: MatchSide, film: Film, about_s: int, *, is_outgoing: bool) -> bool:
        """Whether it has what plays, and so much about the cut; where it cannot be read, there is no more to be had."""
        start, end = _samples_about(side, film, about_s, is_outgoing=is_outgoing)
        return bool(self.trouble) or (
            self.first_sample <= start and end <= self.first_sample + len(self.samples)
        )

    def cut_out(self, start: int, count: int) -> Samples:
        """So many samples from `start` on, silence where there are none."""
        begin, end = (
            min(max(0, at - self.first_sample), len(self.samples)) for at in (start, start + max(0, count))
        )
        before = silence(min(count, max(0, self.first_sample - start)))
        return padded(np.concatenate([before, self.samples[begin:end]]), count)


@dataclass(frozen=True, slots=True)
class CutSound:
    """The sound of both sides, None of one that has none, and the spans of their films that are heard."""

    outgoing: HeldSound | None
    incoming: HeldSound | None
    out_s: Span
    in_s: Span

    @property
    def length_s(self) -> float:
        return (self.out_s[1] - self.out_s[0]) + (self.in_s[1] - self.in_s[0])

    def samples(self) -> Samples:
        """One turn; either side rises from silence and falls to it, so that neither cut nor jump clicks."""
        at_cut = round((self.out_s[1] - self.out_s[0]) * SOUND_RATE)
        counts = at_cut, round(self.length_s * SOUND_RATE) - at_cut
        parts = []
        for held, span, count in zip(
            (self.outgoing, self.incoming), (self.out_s, self.in_s), counts, strict=True
        ):
            whole = silence(count) if held is None else held.cut_out(round(span[0] * SOUND_RATE), count)
            parts.append(faded(whole))
        return np.concatenate(parts)


def read_sound(
    side: MatchSide, film: Film, decoder: SoundDecoder, about_s: int, progress: Progress, *, is_outgoing: bool
) -> HeldSound:
    """What plays, and so much about the cut. What cannot be decoded is told by `trouble`. Raises Cancelled."""
    start, end = _samples_about(side, film, about_s, is_outgoing=is_outgoing)
    try:
        decoder.seek(start / SOUND_RATE, progress)
        samples = padded(decoder.read(end - start, progress), end - start)
    except SeamlineError as error:
        return no_sound(error)
    return HeldSound(start, samples)


def no_sound(error: SeamlineError) -> HeldSound:
    """Of a film whose sound cannot be read."""
    return HeldSound(0, silence(0), f"{error} Playing silently.")


def _samples_about(side: MatchSide, film: Film, about_s: int, *, is_outgoing: bool) -> tuple[int, int]:
    """The samples that play, and those so far about the cut, within the shot."""
    index = film.index
    at_s = cut_s(side, index, is_outgoing=is_outgoing)
    heard = played(side, index, is_outgoing=is_outgoing)
    start_s = min(heard.start_s, max(index.time_of(side.start_frame), at_s - about_s))
    end_s = max(heard.end_s, min(index.time_of(side.end_frame), at_s + about_s))
    return round(start_s * SOUND_RATE), round(end_s * SOUND_RATE)
