"""Marker lists: a marker on each seam, for a timeline that holds the film whole."""

from __future__ import annotations

import re
from dataclasses import dataclass

from seamline.exchange.edl import edl_counting, edl_head, edl_text
from seamline.exchange.events import events_of
from seamline.exchange.names import edl_title
from seamline.project.types import Project, Seam, SeamKind

_RESOLVE_COLOURS = {
    SeamKind.CUT: "Blue",
    SeamKind.DISSOLVE: "Green",
    SeamKind.FADE: "Yellow",
    SeamKind.WIPE: "Purple",
}
_AVID_COLOURS = {
    SeamKind.CUT: "blue",
    SeamKind.DISSOLVE: "green",
    SeamKind.FADE: "yellow",
    SeamKind.WIPE: "magenta",
}
_AVID_USER = "Seamline"
_AVID_TRACK = "V1"


@dataclass(frozen=True, slots=True)
class _Marker:
    """A seam on the grid: `frame` is its first frame from the film's first, `cut_frame` where a list cuts."""

    frame: int
    cut_frame: int
    length: int
    seam: Seam


def write_resolve_markers(project: Project) -> str:
    """Markers as DaVinci Resolve's “Timeline Markers from EDL” reads them: ASCII text with CRLF line ends.

    The timeline has to begin at the film's start timecode. A cut's marker lies on the first frame of the new
    shot; that of any other seam begins with the transition and is as long. The colour says the kind: cuts are
    blue, dissolves green, fades yellow, wipes purple. Raises ExchangeError where an EDL cannot hold the film.
    """
    rate, first_frame = edl_counting(project)
    lines = edl_head(_plain(edl_title(project)), rate)
    for number, marker in enumerate(_markers(project), 1):
        start_frame = first_frame + marker.frame
        # the event is one frame long whatever the marker's length is
        span = f"{rate.format(start_frame)} {rate.format(start_frame + 1)}"
        colour = _RESOLVE_COLOURS[marker.seam.kind]
        lines += [
            f"{number:03d}  {'001':<8} {'V':<5} {'C':<4} {'':>3} {span} {span}  ",
            f"{_plain(_note(marker.seam))} |C:ResolveColor{colour} |M:Seam {number} |D:{marker.length}",
            "",
        ]
    return edl_text(lines)


def write_avid_markers(project: Project) -> str:
    """Markers as Avid Media Composer's marker window imports them: a line each, its fields between tabs.

    User, timecode, track, colour, comment, 1: a marker of one frame, on the frame where a cut list cuts. The
    sequence has to begin at the film's start timecode; drop frame has its semicolon. ASCII, CRLF line ends;
    empty where there is no seam. Raises ExchangeError where two digits do not count the frames of a second,
    or the film passes midnight.
    """
    rate, first_frame = edl_counting(project)
    lines = [
        "\t".join(
            (
                _AVID_USER,
                rate.format(first_frame + marker.cut_frame),
                _AVID_TRACK,
                _AVID_COLOURS[marker.seam.kind],
                _plain(_note(marker.seam)),
                "1",
            )
        )
        for marker in _markers(project)
    ]
    return edl_text(lines) if lines else ""


def _markers(project: Project) -> list[_Marker]:
    """The seams that begin an event of the cut list: at a variable rate some may have no frame of the grid."""
    grid_frame = project.film.index.grid_frame
    markers: list[_Marker] = []
    for event in events_of(project):
        seam = event.shot.seam
        if seam is None:
            continue
        first = event.start_frame if seam.kind is SeamKind.CUT else grid_frame(seam.out_frame + 1)
        if markers and first <= markers[-1].frame:
            first = event.start_frame  # two markers on one frame would be one
        length = 1 if seam.kind is SeamKind.CUT else max(1, grid_frame(seam.in_frame) - first)
        markers.append(_Marker(first, event.start_frame, length, seam))
    return markers


def _note(seam: Seam) -> str:
    return f"{seam.kind}, confidence {seam.confidence:.2f}"


def _plain(text: str) -> str:
    """`text` without what ends a field: the bar, tabs and line breaks become spaces."""
    return re.sub(r"[|\s]+", " ", text).strip()
