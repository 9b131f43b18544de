"""What the editor does in the shot list, as steps of the document."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from PySide6.QtCore import QObject
from PySide6.QtGui import QGuiApplication

from seamline.exchange.csv_list import guarded
from seamline.project.edits import note_shots
from seamline.project.labels import Movement, ShotScale
from seamline.project.types import Project, Seam, Shot, ShotNote
from seamline_app.document import Document
from seamline_widgets.shot_filter import shot_length
from seamline_widgets.shot_labels import label_name
from seamline_widgets.shots_panel import ShotsPanel


class ShotNotes(QObject):
    """Joins `panel` with the document that `document()` gives, None where no film is open."""

    def __init__(
        self, panel: ShotsPanel, document: Callable[[], Document | None], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._document = document
        panel.noted.connect(self.note)
        panel.join_wanted.connect(self.join)
        panel.confirm_wanted.connect(self.confirm)
        panel.copy_wanted.connect(self.copy)
        self._panel = panel

    def note(self, numbers: Iterable[int], what: Mapping[str, str]) -> None:
        """Give the shots of these numbers what stands in `what` under name, comment, colour, scale or movement."""
        document = self._document()
        if document is None:
            return
        shots = document.project.shots
        noted = [shots[number - 1] for number in numbers if 0 < number <= len(shots)]
        own = [document.project.note_of(shot) for shot in noted]
        if all(_is_said(note, what) for note in own):
            return
        if document.do(note_shots(document.project, noted, **_typed(what))):
            return
        # refused: what was written is not to be lost
        if "comment" in what:
            self._panel.comment_again(what["comment"])
        elif "name" in what:
            self._panel.rename_again(what["name"])

    def join(self, seam_ids: Iterable[str]) -> None:
        """Delete these seams, so that the shots on both sides of each are one; one step for all."""
        document = self._document()
        if document is None:
            return
        seams = _seams(document, seam_ids)
        if seams:
            document.delete(seams, f"Join {_joined_count(document.project, seams)} shots")

    def confirm(self, seam_ids: Iterable[str]) -> None:
        """Confirm those of these seams that are proposals; one step for all."""
        document = self._document()
        if document is not None and (seams := _seams(document, seam_ids)):
            document.confirm(seams)

    def copy(self, numbers: Iterable[int]) -> None:
        """Put the shots of these numbers onto the clipboard."""
        document = self._document()
        if document is not None:
            shots = document.project.shots
            QGuiApplication.clipboard().setText(
                copied((shots[number - 1] for number in numbers), document.project)
            )


def copied(shots: Iterable[Shot], project: Project) -> str:
    """Number, name, start, end and length as timecodes; a row each, tabs between, as spreadsheets take it.

    Where any of the shots has labels, scale and movement follow in words.
    """
    shots = list(shots)
    labels = [project.labels_of(shot) for shot in shots]
    has_labels = any(one.scale is not None or one.movement is not None for one in labels)
    rows = (
        (
            str(shot.number),
            guarded(" ".join(project.note_of(shot).name.split())),
            project.timecode(shot.start_frame),
            project.timecode(shot.end_frame),
            project.timecode_rate.format(shot_length(shot, project)),
            *((label_name(own.scale, "scale"), label_name(own.movement, "movement")) if has_labels else ()),
        )
        for shot, own in zip(shots, labels, strict=True)
    )
    return "\n".join("\t".join(row) for row in rows)


def _typed(what: Mapping[str, str]) -> dict[str, Any]:
    """`what`, its labels as classes; "" stays, which takes them away."""
    classes = {"scale": ShotScale, "movement": Movement}
    return {key: classes[key](value) if value and key in classes else value for key, value in what.items()}


def _is_said(note: ShotNote, what: Mapping[str, str]) -> bool:
    """Whether the note has all of that already, so that there is no step to make of it."""
    return all((getattr(note, key) or "") == value for key, value in what.items())


def _seams(document: Document, seam_ids: Iterable[str]) -> list[Seam]:
    """Those of these ids that there are, in their order."""
    known = {seam.id: seam for seam in document.project.seams}
    return [known[seam_id] for seam_id in seam_ids if seam_id in known]


def _joined_count(project: Project, seams: Iterable[Seam]) -> int:
    """How many shots lie beside these seams."""
    ids = {seam.id for seam in seams}
    after = {shot.number for shot in project.shots if shot.seam is not None and shot.seam.id in ids}
    return len(after | {number - 1 for number in after})
