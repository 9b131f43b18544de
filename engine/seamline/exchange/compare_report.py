"""What a comparison found, as a table for programs and as text for people."""

from __future__ import annotations

import csv
import io

from seamline.exchange.alignment import Basis
from seamline.exchange.compare import Comparison, Finding, Outcome
from seamline.exchange.names import clean_text
from seamline.project.types import Project

COLUMNS = (
    "outcome", "shift_frames", "film_frame", "film_timecode", "film_kind", "film_out_frame", "film_in_frame",
    "confidence", "origin", "list_frame", "list_timecode", "list_kind", "list_transition_frames", "list_event",
    "list_source", "nearby_confidence",
)  # fmt: skip

_MOST_BEYOND_LINES = 10
_SAID = {
    Outcome.EXACT: "agree to the frame",
    Outcome.MOVED: "moved",
    Outcome.KIND: "of another kind",
    Outcome.MISSING: "missing in the list",
    Outcome.EXTRA: "extra in the list",
    Outcome.THROUGH: "through edits, where nothing is seen",
    Outcome.BEYOND_FILM: "of the list lie outside the film",
    Outcome.BEYOND_LIST: "of the film lie outside the list",
}


def as_table(comparison: Comparison, project: Project) -> str:
    """The findings as CSV, one a line in the film's order, with LF line ends; empty fields where one side has none.

    `list_frame` counts as the list does; `list_source` is the list's own text, in a form that no spreadsheet takes
    for a formula.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for finding in comparison.findings:
        seam, cut, nearby = finding.seam, finding.list_cut, finding.nearby
        film: list[object] = [""] * 5
        listed: list[object] = [""] * 6
        if seam is not None:
            film = [str(seam.kind), seam.out_frame, seam.in_frame, f"{seam.confidence:.4f}", str(seam.origin)]
        if cut is not None:
            timecode = comparison.counting.format(cut.frame)
            transition = cut.transition_frames
            listed = [cut.frame, timecode, str(cut.kind), transition, cut.event, _harmless(cut.source)]
        writer.writerow(
            [
                str(finding.outcome),
                finding.shift_frames if seam is not None and cut is not None else "",
                "" if finding.film_frame is None else finding.film_frame,
                "" if finding.film_frame is None else project.timecode(finding.film_frame),
                *film,
                *listed,
                "" if nearby is None else f"{nearby.confidence:.4f}",
            ]
        )
    return text.getvalue()


def as_text(comparison: Comparison, project: Project, *, most_lines: int | None = None) -> str:
    """Counts first, then where the film lies in the list, then every finding but those that agree, a line each.

    Where list and film have much that the other has not, what lies outside is only counted.
    `most_lines` findings are shown, if given, and how many more there are.
    """
    lines = [_heading(comparison, project)]
    for outcome, said in _SAID.items():
        count = comparison.count(outcome)
        if count or outcome in (Outcome.EXACT, Outcome.MOVED, Outcome.MISSING, Outcome.EXTRA):
            lines.append(f"{count:>7}  {said}")
    lines += ["", *told_of_offset(comparison, project), *comparison.remarks]
    untold = {Outcome.EXACT, Outcome.THROUGH}
    for outcome in (Outcome.BEYOND_FILM, Outcome.BEYOND_LIST):
        if comparison.count(outcome) > _MOST_BEYOND_LINES:
            untold.add(outcome)
    told = [finding for finding in comparison.findings if finding.outcome not in untold]
    if told:
        lines += ["", *_rows(comparison, project, told[:most_lines])]
    if most_lines is not None and len(told) > most_lines:
        lines.append(f"… and {len(told) - most_lines} more; the table has them all.")
    return "\n".join(lines) + "\n"


def _heading(comparison: Comparison, project: Project) -> str:
    title = f" “{_plain(comparison.title)}”" if comparison.title else ""
    return f"{comparison.format_name}{title} against “{clean_text(project.film.path.name)}”"


def told_of_offset(comparison: Comparison, project: Project) -> list[str]:
    """Where the film lies in the list, and how sure that is, in sentences."""
    alignment = comparison.alignment
    score, offset = alignment.score, alignment.offset_frames
    place = comparison.counting.format(offset)
    if offset < 0:
        place = f"{-offset} frames before 00:00:00:00"
    lines = [
        f"The film's first frame, {project.timecode(0)}, lies at {place} of the list ({alignment.column} column)."
    ]
    fewer = min(score.list_cuts, score.film_cuts)
    met = f"{score.explained} of {fewer} cuts meet there, {score.exact} of them to the frame"
    if alignment.basis is Basis.GIVEN:
        lines.append(f"That offset was given: {met}.")
    elif alignment.basis is Basis.ASSUMED:
        lines.append(f"There are too few cuts to find the offset by, so this is the usual one: {met}.")
    else:
        lines.append(f"{met}; by accident it would be about {score.by_accident:.0f}.")
    if alignment.rivals and alignment.basis is Basis.VOTED:
        rival = alignment.rivals[0]
        lines.append(
            f"The second best offset is {rival.offset_frames - offset:+d} frames away: "
            f"{rival.explained} cuts meet there, {rival.exact} to the frame."
        )
    if alignment.is_ambiguous:
        usual = "It is also the usual offset. " if alignment.is_usual else ""
        lines.append(
            f"The offset is ambiguous: another fits nearly as well. {usual}If you know it, give it by hand."
        )
    elif not alignment.is_certain:
        lines.append("The offset is not certain: if you know it, give it by hand.")
    return lines


def _rows(comparison: Comparison, project: Project, findings: list[Finding]) -> list[str]:
    rows = [("film", "frame", "list", "")]
    for finding in findings:
        frame, cut = finding.film_frame, finding.list_cut
        rows.append(
            (
                "–" if frame is None else project.timecode(frame),
                "–" if frame is None else str(frame),
                "–" if cut is None else comparison.counting.format(cut.frame),
                sentence_of(finding),
            )
        )
    widths = [max(len(row[column]) for row in rows) for column in range(3)]
    return [
        f"{film:<{widths[0]}}  {frame:>{widths[1]}}  {listed:<{widths[2]}}  {said}".rstrip()
        for film, frame, listed, said in rows
    ]


def sentence_of(finding: Finding) -> str:
    """What was found, in words."""
    seam, cut, shift = finding.seam, finding.list_cut, finding.shift_frames
    if finding.outcome is Outcome.MISSING and seam is not None:
        return f"missing in list: {seam.kind}, confidence {seam.confidence:.2f}"
    if seam is not None and cut is not None:
        direction = "later" if shift > 0 else "earlier"
        moved = (
            f"{abs(shift)} {'frame' if abs(shift) == 1 else 'frames'} {direction} in list" if shift else ""
        )
        if finding.outcome is Outcome.KIND:
            return f"kind differs: {cut.kind} in list, {seam.kind} in film" + (f", {moved}" if moved else "")
        return f"{moved}: {seam.kind}"
    if cut is None:
        return str(finding.outcome)
    of_event = f"event {cut.event}" + (f", {_plain(cut.source)}" if cut.source else "")
    if finding.nearby is None:
        return f"{finding.outcome}: {cut.kind} ({of_event})"
    near = finding.nearby
    return (
        f"{finding.outcome}: {cut.kind} ({of_event}); the film may have a {near.kind} near it at frame "
        f"{near.cut_frame}, confidence {near.confidence:.2f}"
    )


def _plain(text: str) -> str:
    """The list's text on one line, without control characters."""
    return " ".join("".join(c if c.isprintable() else " " for c in clean_text(text)).split())


def _harmless(text: str) -> str:
    plain = _plain(text)
    return f"'{plain}" if plain.startswith(("=", "+", "-", "@")) else plain
