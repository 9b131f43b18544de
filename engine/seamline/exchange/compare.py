"""A cut list of any editing system held against a film's own seams: what agrees, what moved, what one lacks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from seamline.errors import ExchangeError
from seamline.exchange.alignment import Alignment, align, given
from seamline.exchange.cut_list import CutList, ListTransition
from seamline.exchange.film_cuts import FilmCuts, check_rates, film_frame, on_grid
from seamline.exchange.list_cuts import Column, ListCut, ListCuts, list_cuts
from seamline.exchange.matching import matched
from seamline.media.timecode import TimecodeRate
from seamline.project.types import Origin, Project, Seam, SeamKind

MOST_MOVED_FRAMES = 250
"""A limit above this is refused: what is ten seconds away is another cut."""


class NoOffsetError(ExchangeError):
    """The list was read, but at no offset do its cuts meet the film's."""


class Outcome(StrEnum):
    EXACT = "exact"
    MOVED = "moved"
    KIND = "kind differs"
    MISSING = "missing in list"
    EXTRA = "extra in list"
    THROUGH = "through edit"
    BEYOND_FILM = "beyond film"
    BEYOND_LIST = "beyond list"


@dataclass(frozen=True, slots=True)
class Finding:
    """One cut of the list, one seam of the film, or both where they meet.

    `shift_frames`: how much later the list has it, in frames; of two gradual ones, at the end that differs more.
    `film_frame`: the film's frame that the finding is about, the first that is no longer the old shot alone; None
    beyond the film.
    `nearby`: at a cut that the film does not have, the film's candidate there that was not taken for a seam.
    """

    outcome: Outcome
    seam: Seam | None
    list_cut: ListCut | None
    film_frame: int | None
    shift_frames: int = 0
    nearby: Seam | None = None


@dataclass(frozen=True, slots=True)
class Comparison:
    """All findings in the film's order, and how the list was laid on the film.

    `counting` is how the list's own timecode counts. `remarks` are sentences to show with the findings.
    """

    title: str
    format_name: str
    alignment: Alignment
    counting: TimecodeRate
    findings: tuple[Finding, ...]
    remarks: tuple[str, ...]

    def count(self, outcome: Outcome) -> int:
        return sum(finding.outcome is outcome for finding in self.findings)

    def differences(
        self, *, tolerance_frames: int = 0, ignore_kinds: bool = False, is_part: bool = False
    ) -> tuple[Finding, ...]:
        """What does not agree. A shift of up to `tolerance_frames` is none.

        `ignore_kinds`: a cut in a dissolve is none. `is_part`: what lies outside the list, or the film, is none.
        """
        ignored = {Outcome.EXACT, Outcome.THROUGH}
        if is_part:
            ignored |= {Outcome.BEYOND_FILM, Outcome.BEYOND_LIST}
        return tuple(
            finding
            for finding in self.findings
            if finding.outcome not in ignored
            and not (finding.outcome is Outcome.MOVED and abs(finding.shift_frames) <= tolerance_frames)
            and not (
                finding.outcome is Outcome.KIND
                and ignore_kinds
                and (abs(finding.shift_frames) <= tolerance_frames or _is_within(finding))
            )
        )


def compare(
    cut_list: CutList,
    project: Project,
    *,
    offset_frames: int | None = None,
    most_moved_frames: int | None = None,
    candidates: Sequence[Seam] = (),
) -> Comparison:
    """The list against the film's seams.

    `offset_frames`: the list's frame at which the film's first frame lies, where it shall not be looked for.
    `most_moved_frames`: how far apart a cut and a seam may be and still be the same, half a second unless
    told. `candidates`: what the analysis saw without taking it for a seam.

    Raises NoOffsetError where nothing fits, ExchangeError for a list without events or at another rate.
    """
    rate_remark = check_rates(cut_list, project)
    limit = max(1, round(project.film.rate / 2)) if most_moved_frames is None else most_moved_frames
    if not 0 <= limit <= MOST_MOVED_FRAMES:
        raise ExchangeError(f"A cut may have moved by 0 to {MOST_MOVED_FRAMES} frames, not by {limit}.")
    film = FilmCuts.of(project)
    cut_list = on_grid(cut_list, project)
    cuts, alignment = _aligned(cut_list, film, project.first_timecode_frame, offset_frames)
    offset = alignment.offset_frames
    pairs = matched(cuts.cuts, film, offset, limit)
    found = [_of_pair(cuts.cuts[row], film, column, offset) for row, column in pairs]
    seen = {row for row, _ in pairs}
    for row, cut in enumerate(cuts.cuts):
        if row not in seen and not cut.is_edge:
            found.append(_of_cut(cut, film, project, offset, limit, candidates))
    seen = {column for _, column in pairs}
    for column, seam in enumerate(film.seams):
        if column not in seen:
            place = int(film.middles[column]) + offset
            is_inside = any(start < place < end for start, end in cuts.pieces)
            outcome = Outcome.MISSING if is_inside else Outcome.BEYOND_LIST
            found.append((place - offset, Finding(outcome, seam, None, seam.out_frame + 1)))
    found.sort(key=lambda placed: placed[0])
    drop_frame = cut_list.drop_frame
    counting = project.timecode_rate
    if drop_frame is not None:
        counting = TimecodeRate.of(cut_list.rate or project.film.rate, drop_frame=drop_frame)
    return Comparison(
        cut_list.title,
        cut_list.format_name,
        alignment,
        counting,
        tuple(finding for _, finding in found),
        tuple(remark for remark in (rate_remark, *cut_list.remarks) if remark),
    )


def seams_of_list(
    cut_list: CutList, project: Project, offset_frames: int, *, column: Column = Column.RECORD
) -> list[Seam]:
    """The list's cuts as the editor's own seams of the film, in order, without its edges and through edits.

    What lies outside the film is left out, and what overlaps the seam before. A dissolve from or to black is a
    fade. Raises ExchangeError for a list without events in that column, or at another rate.
    """
    check_rates(cut_list, project)
    cuts = _cuts(on_grid(cut_list, project), column)
    seams: list[Seam] = []
    for cut in cuts.cuts:
        if cut.is_edge or cut.is_through:
            continue
        start = film_frame(project, cut.frame - offset_frames)
        end = film_frame(project, cut.end - offset_frames)
        if not 0 < start <= end < project.film.frame_count:
            continue
        kind = SeamKind.CUT
        if end > start:
            kind = SeamKind.WIPE if cut.kind is ListTransition.WIPE else SeamKind.DISSOLVE
            if kind is SeamKind.DISSOLVE and cut.to_black:
                kind = SeamKind.FADE
        seam = Seam(start - 1, end, kind, origin=Origin.USER)
        if not seams or not seams[-1].overlaps(seam):
            seams.append(seam)
    return seams


def _cuts(cut_list: CutList, column: Column) -> ListCuts:
    cuts = list_cuts(cut_list, column)
    if cuts is None:
        name = f"“{cut_list.title}”" if cut_list.title else "The list"
        reason = "has no picture events" if column is Column.RECORD else "is not of one source alone"
        raise ExchangeError(f"{name} {reason}: choose another list, or export it again.")
    return cuts


def _aligned(
    cut_list: CutList, film: FilmCuts, film_start: int, offset_frames: int | None
) -> tuple[ListCuts, Alignment]:
    """The list's cuts by the column that fits the film better, and where they fit."""
    by_column = {Column.RECORD: _cuts(cut_list, Column.RECORD)}
    source = list_cuts(cut_list, Column.SOURCE)
    if source is not None:
        by_column[Column.SOURCE] = source
    best: Alignment | None = None
    for column, cuts in by_column.items():
        start = 0 if cut_list.counts_film_frames and column is Column.RECORD else film_start
        if best is not None and best.is_certain and cuts.distances == by_column[best.column].distances:
            continue  # the same cuts, counted from elsewhere, have nothing to add
        if offset_frames is None:
            alignment = align(cuts, film, column, film_start=start)
        else:
            alignment = given(cuts, film, column, offset_frames)
        if alignment is not None and (best is None or _rank(alignment) > _rank(best)):
            best = alignment
    if best is None:
        raise NoOffsetError(
            "No offset fits: nowhere do the cuts of the list meet those of the film more often than by accident. "
            "Check that the list is of this film, and its frame rate and drop frame, or give the offset by hand."
        )
    return by_column[best.column], best


def _rank(alignment: Alignment) -> tuple[int, bool]:
    return (alignment.score.points, alignment.is_usual)


def _of_pair(cut: ListCut, film: FilmCuts, column: int, offset: int) -> tuple[int, Finding]:
    seam = film.seams[column]
    start, end, middle = int(film.starts[column]), int(film.ends[column]), int(film.middles[column])
    is_cut = cut.kind is ListTransition.CUT
    is_wipe = cut.kind is ListTransition.WIPE
    if is_cut != (seam.kind is SeamKind.CUT) or is_wipe != (seam.kind is SeamKind.WIPE):
        outcome, shift = Outcome.KIND, cut.middle - offset - middle
    else:
        shift = max(cut.frame - offset - start, cut.end - offset - end, key=abs)
        outcome = Outcome.MOVED if shift else Outcome.EXACT
    return middle, Finding(outcome, seam, cut, seam.out_frame + 1, shift)


def _of_cut(
    cut: ListCut, film: FilmCuts, project: Project, offset: int, limit: int, candidates: Sequence[Seam]
) -> tuple[int, Finding]:
    """A cut of the list that the film does not have."""
    place = cut.middle - offset
    if not 0 < place < film.end:
        return place, Finding(Outcome.BEYOND_FILM, None, cut, None)
    first = film_frame(project, max(0, cut.frame - offset))
    if cut.is_through:
        return place, Finding(Outcome.THROUGH, None, cut, first)
    middle = film_frame(project, place)
    near = [seam for seam in candidates if seam.out_frame - limit < middle <= seam.in_frame + limit]
    nearby = min(near, key=lambda seam: (abs(seam.cut_frame - middle), -seam.confidence), default=None)
    return place, Finding(Outcome.EXTRA, None, cut, first, nearby=nearby)


def _is_within(finding: Finding) -> bool:
    """Whether a cut of the list lies within the film's gradual seam."""
    seam, shift = finding.seam, finding.shift_frames
    return seam is not None and seam.out_frame < seam.cut_frame + shift <= seam.in_frame
