"""A synthetic edit as data: pieces of footage, the joins between them, and what only looks like a join."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from seamline.errors import MediaError
from seamline.evaluation.synthetic_sources import WHOLE, Region
from seamline.exchange.csv_list import DISTRACTOR, IGNORED, SCORED, Transition

Colour = tuple[int, int, int]
"""Red, green, blue, 0 to 255."""

BLACK: Colour = (0, 0, 0)
WHITE: Colour = (255, 255, 255)


@dataclass(frozen=True, slots=True)
class Look:
    """What is done to every picture of a piece, or of the whole film.

    `brightness` is added (in levels of 255), `contrast` and `cast` (per channel) multiply, `saturation` 0 is
    monochrome, `blur` is a standard deviation in picture heights, `grain` one in levels at 360 lines, `bars`
    the share of the height (of the width if negative) that black bars cover in all.
    """

    flip: bool = False
    region: Region = WHOLE
    brightness: float = 0
    contrast: float = 1
    gamma: float = 1
    cast: tuple[float, float, float] = (1.0, 1.0, 1.0)
    saturation: float = 1
    blur: float = 0
    grain: float = 0
    bars: float = 0


PLAIN = Look()


@dataclass(frozen=True, slots=True)
class Distractor:
    """Something inside a piece that looks like a change of shot and is none.

    `start` counts from the piece's first full frame; `frames` is how long it lasts; what it looks like
    follows from `seed`. `source` is the other footage that a picture in the picture shows. With `stays` its
    end is not shown: what appeared is there until the piece ends. Raises MediaError for a kind that cannot.
    """

    kind: str
    start: int
    frames: int
    seed: int = 0
    stays: bool = False
    source: int = 0

    def __post_init__(self) -> None:
        if self.stays and self.kind not in STAYING_DISTRACTORS:
            raise MediaError(f"“{self.kind}” cannot stay: only {', '.join(sorted(STAYING_DISTRACTORS))} can.")

    @property
    def ranges(self) -> tuple[tuple[int, int], ...]:
        """(last frame before, first frame after) of every change, in frames of the piece."""
        end = self.start + self.frames
        if self.stays:
            lasting = self.kind in GRADUAL_DISTRACTORS
            return ((self.start - 1, end if lasting else self.start),)
        if self.kind in APPEARING_DISTRACTORS and self.frames > 4:
            return ((self.start - 1, self.start), (end - 1, end))
        return ((self.start - 1, end),)


APPEARING_DISTRACTORS = frozenset({"caption", "logo", "picture in picture", "light"})
"""There at once, and gone at once: two changes, with nothing happening between them."""

GRADUAL_DISTRACTORS = frozenset({"whip pan", "focus", "sliding caption"})
"""Those that change the picture over all of their frames."""

STAYING_DISTRACTORS = GRADUAL_DISTRACTORS | APPEARING_DISTRACTORS
"""Those after which the picture need not be what it was before."""

SKIPPED_FRAMES = {"drop": 3}
"""How many frames of the footage a distractor leaves out."""


@dataclass(frozen=True, slots=True)
class Piece:
    """`full_frames` pictures wholly of one source, and those before and after that joins mix.

    `first` is the source's frame that shows first, mixed pictures included; `speed` is frames of the source
    per frame of the film (0: it stands still), and with `reverse` it runs backwards from `first`.
    """

    source: int
    first: int
    full_frames: int
    look: Look = PLAIN
    speed: float = 1
    reverse: bool = False
    distractors: tuple[Distractor, ...] = ()

    def numbers(self, lead: int, tail: int) -> NDArray[np.int64]:
        """int64[lead + full_frames + tail]: the source's frame in each picture where the piece shows."""
        steps = np.ones(lead + self.full_frames + tail)
        steps[0] = 0
        for each in self.distractors:
            at = lead + each.start
            if each.kind in ("freeze", "duplicate"):
                steps[at : at + each.frames] = 0
            elif each.kind == "drop":
                steps[at] += SKIPPED_FRAMES["drop"]
        moved = np.floor(np.cumsum(steps) * self.speed + 1e-9).astype(np.int64)
        return self.first - moved if self.reverse else self.first + moved


@dataclass(frozen=True, slots=True)
class Join:
    """How one piece becomes the next, in `frames` pictures that are wholly of neither.

    `kind` is cut, dissolve, fade or wipe; `subtype` says which. `out` and `back` are the fade's own parts of
    `frames`; what is left between them holds `colour`, with a title if `titled`. `softness` is the width of a
    wipe's edge as a share of its way, `border` that of a line of `colour` along it. `angle_deg` is where a
    wipe or a slide goes: 0 to the right, 90 down. With `eased` it starts and ends slowly. `seed` draws what
    else is random in it, such as the order of cells.
    """

    kind: str = "cut"
    subtype: str = "cut"
    frames: int = 0
    out: int = 0
    back: int = 0
    colour: Colour = BLACK
    titled: bool = False
    softness: float = 0
    border: float = 0
    angle_deg: float = 0
    eased: bool = False
    seed: int = 0
    scored: int = SCORED

    @property
    def tail(self) -> int:
        """In how many of its pictures the outgoing piece shows: the first ones."""
        return self.out if self.kind == "fade" else self.frames

    @property
    def lead(self) -> int:
        """In how many of its pictures the incoming piece shows: the last ones."""
        return self.back if self.kind == "fade" else self.frames


@dataclass(frozen=True, slots=True)
class Event:
    """A row of the truth, and which sort of join or distractor it is."""

    transition: Transition
    subtype: str


@dataclass(frozen=True, slots=True)
class EditPlan:
    """A film: its pieces, the joins between them (one fewer), and what lies over all of it.

    `opening` and `closing` are fades from and to a colour at the film's ends, which are not scored. `logo`
    above 0 is the seed of a station's logo in a corner. Raises MediaError where it does not fit together.
    """

    pieces: tuple[Piece, ...]
    joins: tuple[Join, ...]
    finish: Look = PLAIN
    logo: int = 0
    opening: Join | None = None
    closing: Join | None = None
    starts: tuple[int, ...] = field(init=False)
    """The film's frame at which each piece's full frames begin."""

    def __post_init__(self) -> None:
        if len(self.joins) != len(self.pieces) - 1:
            raise MediaError(
                f"{len(self.pieces)} pieces need {len(self.pieces) - 1} joins, not {len(self.joins)}."
            )
        starts, at = [], self.opening.frames if self.opening else 0
        for number, piece in enumerate(self.pieces):
            if piece.full_frames < 1:
                raise MediaError(f"Piece {number} has {piece.full_frames} full frames: it needs at least 1.")
            starts.append(at)
            at += piece.full_frames + (self.joins[number].frames if number < len(self.joins) else 0)
        object.__setattr__(self, "starts", tuple(starts))

    @property
    def frame_count(self) -> int:
        end = self.starts[-1] + self.pieces[-1].full_frames
        return end + (self.closing.frames if self.closing else 0)

    def lead(self, piece: int) -> int:
        """How many pictures before its full ones piece number `piece` shows in."""
        join = self.joins[piece - 1] if piece else self.opening
        return join.lead if join else 0

    def tail(self, piece: int) -> int:
        """How many pictures after its full ones piece number `piece` shows in."""
        join = self.joins[piece] if piece < len(self.joins) else self.closing
        return join.tail if join else 0

    def numbers(self, piece: int) -> NDArray[np.int64]:
        """The source's frame in each picture where piece number `piece` shows."""
        return self.pieces[piece].numbers(self.lead(piece), self.tail(piece))

    @property
    def events(self) -> list[Event]:
        """Every join and distractor by frame, in order."""
        events = []
        for at, (start, piece) in enumerate(zip(self.starts, self.pieces, strict=True)):
            if at < len(self.joins):
                join, last = self.joins[at], start + piece.full_frames - 1
                between = Transition(last, last + 1 + join.frames, join.kind, join.scored)
                events.append(Event(between, join.subtype))
            for each in piece.distractors:
                events += [
                    Event(Transition(start + before, start + after, "cut", DISTRACTOR), each.kind)
                    for before, after in each.ranges
                ]
        if self.opening is not None:
            events.append(Event(Transition(0, self.starts[0], "fade", IGNORED), "leading fade-in"))
        if self.closing is not None:
            last = self.frame_count - self.closing.frames - 1
            events.append(Event(Transition(last, self.frame_count - 1, "fade", IGNORED), "trailing fade-out"))
        return sorted(events, key=lambda event: (event.transition.out_frame, event.transition.in_frame))

    @property
    def truth(self) -> list[Transition]:
        """Every join and distractor as a table of truth has them, in order."""
        return [event.transition for event in self.events]
