"""Marker lists: a marker on each seam, for a timeline that holds the film whole."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from seamline.exchange.edl import edl_counting, edl_head, edl_text
from seamline.exchange.events import events_of
from seamline.exchange.footage_words import FootageWords, footage_by_shot
from seamline.exchange.label_words import LabelWords, labels_by_shot
from seamline.exchange.names import ascii_text, edl_title
from seamline.exchange.shot_words import AVID_COLOURS, RESOLVE_COLOURS, ShotWords, words_of
from seamline.project.types import Project, Seam, SeamKind, ShotColour

_SEAM_COLOURS = {
    SeamKind.CUT: "Blue",
    SeamKind.DISSOLVE: "Green",
    SeamKind.FADE: "Yellow",
    SeamKind.WIPE: "Purple",
}
_AVID_SEAM_COLOURS = {
    SeamKind.CUT: "blue",
    SeamKind.DISSOLVE: "green",
    SeamKind.FADE: "yellow",
    SeamKind.WIPE: "magenta",
}
_AVID_USER = "Seamline"
_AVID_TRACK = "V1"


@dataclass(frozen=True, slots=True)
class _Marker:
    """A seam on the grid: `frame` is its first frame from the film's first, `cut_frame` where a list cuts.

    `name` is that of the shot which begins there, else the seam's number. `seam` is None for the film's first shot,
    which has a marker only where something is written about it, it is labelled, or shares
    its set-up or scene with others.
    """

    frame: int
    cut_frame: int
    length: int
    name: str
    seam: Seam | None
    words: ShotWords | None
    labels: LabelWords | None = None
    footage: FootageWords | None = None

    @property
    def text(self) -> str:
        facts = "" if self.seam is None else f"{self.seam.kind}, confidence {self.seam.confidence:.2f}"
        if self.footage is not None:
            facts = self.footage.with_facts(facts)
        if self.labels is not None:
            facts = self.labels.with_facts(facts)
        return facts if self.words is None else _plain(ascii_text(self.words.with_facts(facts)))


def write_resolve_markers(project: Project) -> str:
    """Markers as DaVinci Resolve's “Timeline Markers from EDL” reads them: ASCII text with CRLF line ends.

    The timeline has to begin at the film's start timecode. A cut's marker lies on the first frame of the new
    shot; that of any other seam begins with the transition and is as long. The colour says the kind: cuts are
    blue, dissolves green, fades yellow, wipes purple. What is written about the shot that begins there comes
    first: its name and comment, the colour nearest to its own, and its labels. Raises ExchangeError where an EDL
    cannot hold the film.
    """
    rate, first_frame = edl_counting(project)
    lines = edl_head(_plain(edl_title(project)), rate)
    for number, marker in enumerate(_markers(project), 1):
        start_frame = first_frame + marker.frame
        # the event is one frame long whatever the marker's length is
        span = f"{rate.format(start_frame)} {rate.format(start_frame + 1)}"
        colour = _colour(marker, RESOLVE_COLOURS, _SEAM_COLOURS)
        lines += [
            f"{number:03d}  {'001':<8} {'V':<5} {'C':<4} {'':>3} {span} {span}  ",
            f"{marker.text} |C:ResolveColor{colour} |M:{marker.name} |D:{marker.length}",
            "",
        ]
    return edl_text(lines)


def write_avid_markers(project: Project) -> str:
    """Markers as Avid Media Composer's marker window imports them: a line each, its fields between tabs.

    User, timecode, track, colour, comment, 1: a marker of one frame, on the frame where a cut list cuts. A shot's
    name stands before its comment. The
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
                _colour(marker, AVID_COLOURS, _AVID_SEAM_COLOURS),
                _avid_text(marker),
                "1",
            )
        )
        for marker in _markers(project)
    ]
    return edl_text(lines) if lines else ""


def _markers(project: Project) -> list[_Marker]:
    """The seams that begin an event of the cut list: at a variable rate some may have no frame of the grid."""
    grid_frame = project.film.index.grid_frame
    all_labels, all_footage = labels_by_shot(project), footage_by_shot(project)
    markers: list[_Marker] = []
    number = 0
    for event in events_of(project):
        shot = event.shot
        seam, words, labels = shot.seam, words_of(project, shot), all_labels.get(shot.number)
        footage = all_footage.get(shot.number)
        name = _plain(ascii_text(words.name)) if words is not None else ""
        if seam is None:
            if words is not None or (labels and labels.names) or (footage and footage.names):
                markers.append(_Marker(0, 0, 1, name or f"Shot {shot.number}", None, words, labels, footage))
            continue
        number += 1
        first = event.start_frame if seam.kind is SeamKind.CUT else grid_frame(seam.out_frame + 1)
        if markers and first <= markers[-1].frame:
            first = event.start_frame  # two markers on one frame would be one
        length = 1 if seam.kind is SeamKind.CUT else max(1, grid_frame(seam.in_frame) - first)
        markers.append(
            _Marker(first, event.start_frame, length, name or f"Seam {number}", seam, words, labels, footage)
        )
    return markers


def _colour(marker: _Marker, colours: Mapping[ShotColour, str], of_seams: Mapping[SeamKind, str]) -> str:
    """The editor's own, else that of the kind of seam."""
    if marker.words is not None and marker.words.colour is not None:
        return colours[marker.words.colour]
    return of_seams[SeamKind.CUT if marker.seam is None else marker.seam.kind]


def _avid_text(marker: _Marker) -> str:
    named = marker.words is not None and marker.words.name
    return ": ".join(filter(None, (marker.name if named else "", marker.text)))


def _plain(text: str) -> str:
    """`text` without what ends a field: the bar, tabs and line breaks become spaces."""
    return re.sub(r"[|\s]+", " ", text).strip()
