"""What the shot list says of a shot: its columns, texts for the eye and for a screen reader."""

from __future__ import annotations

from enum import IntEnum
from html import escape

from seamline.project.types import Origin, Project, Shot
from seamline_resources import palette
from seamline_widgets.percent import percent_text
from seamline_widgets.shot_filter import shot_length
from seamline_widgets.shot_labels import label_text, labels_sentence

CONFIRMED = "✓"
"""What stands beside a seam that the editor has confirmed."""
ASCENDING, DESCENDING = "▲", "▼"


class Column(IntEnum):
    THUMBNAIL = 0
    NUMBER = 1
    NAME = 2
    START = 3
    END = 4
    LENGTH = 5
    SCALE = 6
    MOVEMENT = 7
    SEAM = 8
    COMMENT = 9


TITLES = {
    Column.THUMBNAIL: "",
    Column.NUMBER: "#",
    Column.NAME: "Name",
    Column.START: "Start",
    Column.END: "End",
    Column.LENGTH: "Length",
    Column.SCALE: "Scale",
    Column.MOVEMENT: "Movement",
    Column.SEAM: "Begins with",
    Column.COMMENT: "Comment",
}
HINTS = {
    Column.NUMBER: "Number of the shot, in the order of the film",
    Column.NAME: "Your name for the shot, and your comment below it; F2 or a double click changes the name",
    Column.START: "Timecode of the shot's first frame",
    Column.END: "Timecode of the frame after the shot's last one, as cut lists write it: "
    "the next shot starts here",
    Column.LENGTH: "Seconds and frames",
    Column.SCALE: "How near the camera is: the stronger the colour, the surer; ringed: by you. Sorted from near to far",
    Column.MOVEMENT: "How the camera moves: the stronger the colour, the surer; ringed: by you",
    Column.SEAM: "The seam the shot begins with, and how sure the analysis is; ✓: confirmed. "
    "Sorted by how sure, your own last",
    Column.COMMENT: "Your comment; Shift+F2 changes it",
}
STACKED_TITLES = {None: "Label", Column.SCALE: "Scale", Column.MOVEMENT: "Move"}
"""Head of the column of scale where it has the movement too, by which of them the list is sorted by."""
STACKED_HINT = (
    "Above: how near the camera is; below: how it moves. The stronger the colour, the surer; ringed: by you. "
    "Clicks sort by scale, near to far and back, then by movement"
)
FIGURES = (Column.NUMBER, Column.START, Column.END, Column.LENGTH)


def cell_text(shot: Shot, project: Project, column: Column) -> str:
    """What a cell of the list says; a comment of several lines on one."""
    if column is Column.NUMBER:
        return str(shot.number)
    if column is Column.NAME:
        return project.note_of(shot).name
    if column is Column.START:
        return project.timecode(shot.start_frame)
    if column is Column.END:
        return project.timecode(shot.end_frame)
    if column is Column.LENGTH:
        return length_text(shot_length(shot, project), project.timecode_rate.nominal)
    if column is Column.SCALE:
        return label_text(project.labels_of(shot).scale, "scale")
    if column is Column.MOVEMENT:
        return label_text(project.labels_of(shot).movement, "movement")
    if column is Column.SEAM:
        return seam_text(shot)
    if column is Column.COMMENT:
        return " ".join(project.note_of(shot).comment.split())
    return ""


def length_text(frames: int, nominal_rate: int) -> str:
    """`frames` as seconds and frames, `2:14`, or minutes too, `1:02:14`."""
    digits = max(2, len(str(nominal_rate - 1)))
    seconds, rest = divmod(frames, nominal_rate)
    if seconds < 60:
        return f"{seconds}:{rest:0{digits}d}"
    return f"{seconds // 60}:{seconds % 60:02d}:{rest:0{digits}d}"


def seam_text(shot: Shot) -> str:
    """The seam that the shot begins with: `Cut  87 %`."""
    if shot.seam is None:
        return "Start of film"
    return f"{palette.SEAM_LOOKS[shot.seam.kind].name}  {sureness_text(shot)}"


def sureness_text(shot: Shot) -> str:
    """How sure that seam is, without its kind, which its chip says by a letter: `87 %`."""
    seam = shot.seam
    if seam is None:
        return ""
    if seam.is_confirmed:
        return CONFIRMED
    return "by you" if seam.origin is Origin.USER else percent_text(seam.confidence)


def spoken(shot: Shot, project: Project) -> str:
    """All that a tile of the grid shows, as a sentence for a screen reader."""
    note = project.note_of(shot)
    parts = [
        f"Shot {shot.number}",
        note.name,
        cell_text(shot, project, Column.LENGTH),
        seam_text(shot).replace(CONFIRMED, "confirmed"),
        labels_sentence(project.labels_of(shot)),
        f"marked {note.colour}" if note.colour else "",
        note.comment,
    ]
    return ", ".join(part for part in parts if part)


def tool_tip(shot: Shot, project: Project) -> str:
    """Name, seam, labels and comment in full; rich text, so that long ones are wrapped."""
    note = project.note_of(shot)
    lines = [note.name or f"Shot {shot.number}", seam_text(shot).replace(CONFIRMED, "confirmed")]
    if labels := labels_sentence(project.labels_of(shot)):
        lines.append(labels)
    if note.colour:
        lines.append(f"Marked {note.colour}")
    if note.comment:
        lines += ["", *note.comment.splitlines()]
    return f"<qt>{'<br>'.join(escape(line) for line in lines)}</qt>"
