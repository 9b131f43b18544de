"""The cuts of a list that was read: where one of its events becomes the next."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import pairwise

from seamline.exchange.cut_list import CutList, ListEvent, ListTransition

_FEW_EVENTS = 8  # in more than these, that most of them go on is no chance
_BLACK_SOURCES = frozenset({"BL", "BLACK"})


class Column(StrEnum):
    """Which of an event's two ranges says where the film is cut: its place in the timeline, or in its source."""

    RECORD = "record"
    SOURCE = "source"


@dataclass(frozen=True, slots=True)
class ListCut:
    """One change of picture, in frames as the list counts them.

    `frame` is the first frame that is no longer the old picture alone; a transition takes `transition_frames`
    from there on, a cut 0. `event` is the number, from 1, of the event that begins here, or ends before a gap.
    `to_black`: one side of it is black, or nothing. `is_edge`: a piece of the list begins or ends here, with
    nothing known on the other side. `is_through`: the same source goes on without a jump, so nothing is seen.
    """

    frame: int
    event: int
    source: str = ""
    kind: ListTransition = ListTransition.CUT
    transition_frames: int = 0
    to_black: bool = False
    is_edge: bool = False
    is_through: bool = False

    @property
    def middle(self) -> int:
        """Where a list of cuts alone would cut, as `Seam.cut_frame` is for seams."""
        return self.frame + self.transition_frames // 2

    @property
    def end(self) -> int:
        """The first frame wholly of the new picture."""
        return self.frame + self.transition_frames


@dataclass(frozen=True, slots=True)
class ListCuts:
    """The cuts by their place, each frame once, and the pieces [start, end) that the list speaks of."""

    cuts: tuple[ListCut, ...]
    pieces: tuple[tuple[int, int], ...]

    @property
    def start(self) -> int:
        return self.pieces[0][0]

    @property
    def end(self) -> int:
        return self.pieces[-1][1]

    @property
    def distances(self) -> list[int]:
        """How far after the list's start each cut lies."""
        return [cut.middle - self.start for cut in self.cuts]


def list_cuts(cut_list: CutList, column: Column = Column.RECORD) -> ListCuts | None:
    """The cuts by one of the list's two columns; None where that column has none to tell.

    By record, an event's end before a gap is a cut to black, and the list is one piece. By source, the list must
    be of one source alone; what lies between its events is not spoken of. The outermost start and end are edges.
    """
    events = list(enumerate(cut_list.events, 1))
    if column is Column.SOURCE:
        events = [(number, _by_source(e)) for number, e in events if e.source_start < e.source_end]
    if not events or (column is Column.SOURCE and len({_folded(event) for _, event in events}) > 1):
        return None
    events.sort(key=lambda numbered: (numbered[1].record_start, numbered[1].record_end))
    through = _through_edits([event for _, event in events])
    cuts: dict[int, ListCut] = {}
    pieces: list[tuple[int, int]] = []
    before: ListEvent | None = None
    last_number = 0
    for (number, event), is_through in zip(events, through, strict=True):
        start = event.record_start
        if not pieces or start > pieces[-1][1]:
            if pieces:
                end = pieces[-1][1]
                cuts[end] = ListCut(end, last_number, to_black=True)
            pieces.append((start, event.record_end))
            before = None
        black = before is None or _is_black(before) or _is_black(event)
        if start not in cuts or event.transition_frames:
            is_gradual = event.transition is not ListTransition.CUT and event.transition_frames > 0
            cuts[start] = ListCut(
                start,
                number,
                event.source,
                event.transition if is_gradual else ListTransition.CUT,
                event.transition_frames if is_gradual else 0,
                black,
                is_through=is_through and not is_gradual,
            )
        if event.record_end >= pieces[-1][1]:
            pieces[-1] = (pieces[-1][0], event.record_end)
            last_number = number
        before = event
    first, end = pieces[0][0], pieces[-1][1]
    cuts[first] = replace(cuts[first], is_edge=True)
    cuts[end] = ListCut(end, last_number, to_black=True, is_edge=True)
    ordered = tuple(sorted(cuts.values(), key=lambda cut: (cut.middle, cut.frame)))
    return ListCuts(ordered, ((first, end),) if column is Column.RECORD else tuple(pieces))


def _by_source(event: ListEvent) -> ListEvent:
    """`event` with its source range as its record range too."""
    frames = min(event.transition_frames, event.source_end - event.source_start)
    return replace(
        event, record_start=event.source_start, record_end=event.source_end, transition_frames=frames
    )


def _through_edits(events: list[ListEvent]) -> list[bool]:
    """For each event whether it only goes on where the one before it stopped, in the same source.

    In a list that cuts a finished film where its shots change, most do, and every one is a cut of the film. A
    dissolve that has an event to itself is followed by one that only goes on, and no cut is seen there.
    """
    goes_on = [False] + [
        bool(after.source)
        and _folded(before) == _folded(after)
        and before.record_end == after.record_start
        and before.source_end == after.source_start
        for before, after in pairwise(events)
    ]
    is_one_film = len({_folded(event) for event in events}) == 1 or len(events) > _FEW_EVENTS
    return [False] * len(events) if is_one_film and 2 * sum(goes_on) >= len(events) - 1 else goes_on


def _folded(event: ListEvent) -> str:
    return event.source.strip().casefold()


def _is_black(event: ListEvent) -> bool:
    return event.source.strip().upper() in _BLACK_SOURCES
