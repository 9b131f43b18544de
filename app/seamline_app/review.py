"""What the seam keys and menu entries do to the document."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction

from seamline.project.types import Seam
from seamline_app.document import Document


class Review(QObject):
    """Going from seam to seam, adding, deleting and moving them, undo and redo.

    `playhead()` gives the frame on screen, `go_to(frame)` shows another one.
    """

    def __init__(
        self,
        actions: Mapping[str, QAction],
        playhead: Callable[[], int],
        go_to: Callable[[int], None],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._document: Document | None = None
        self._actions = actions
        self._playhead = playhead
        self._go_to = go_to
        for action_id, handler in {
            "previous_seam": lambda d: self._visit(d.seam_before(playhead())),
            "next_seam": lambda d: self._visit(d.seam_after(playhead())),
            "add_seam": lambda d: d.add_cut(playhead()),
            "delete_seam": self._delete,
            "nudge_back": lambda d: self._nudge(d, -1),
            "nudge_forward": lambda d: self._nudge(d, 1),
            "undo": lambda d: d.undo(),
            "redo": lambda d: d.redo(),
        }.items():
            actions[action_id].triggered.connect(
                lambda _=False, handler=handler: self._with_document(handler)
            )
        self.refresh()

    def set_document(self, document: Document | None) -> None:
        """Work on that document from now on."""
        self._document = document
        self.refresh()

    def refresh(self) -> None:
        """Let the actions say what they would do now."""
        document = self._document
        for action_id, step in (
            ("undo", document.undo_name if document else None),
            ("redo", document.redo_name if document else None),
        ):
            action = self._actions[action_id]
            action.setEnabled(step is not None)
            action.setText(f"{action_id.capitalize()}: {step}" if step else action_id.capitalize())
        has_seams = document is not None and bool(document.project.seams)
        for action_id in ("previous_seam", "next_seam", "delete_seam", "nudge_back", "nudge_forward"):
            self._actions[action_id].setEnabled(has_seams)
        self._actions["add_seam"].setEnabled(document is not None)

    def _with_document(self, handler: Callable[[Document], object]) -> None:
        if self._document is not None:
            handler(self._document)

    def _visit(self, seam: Seam | None) -> None:
        if seam is not None and self._document is not None:
            self._document.select(seam.id)
            self._go_to(seam.cut_frame)

    def _target(self, document: Document) -> Seam | None:
        return document.selected or document.seam_at(self._playhead())

    def _delete(self, document: Document) -> None:
        seam = self._target(document)
        if seam is None:
            document.refused.emit("There is no seam at the playhead: select one, then delete it.")
            return
        document.delete(seam)

    def _nudge(self, document: Document, by_frames: int) -> None:
        seam = self._target(document)
        if seam is None:
            document.refused.emit("There is no seam at the playhead: select one, then move it.")
            return
        out_frame, in_frame = seam.out_frame + by_frames, seam.in_frame + by_frames
        if out_frame < 0 or in_frame >= document.film.frame_count:
            document.refused.emit("The seam is at the end of the film already: it cannot be moved further.")
            return
        if document.move(seam.id, out_frame, in_frame):
            document.select(seam.id)
            self._go_to(document.project.seam(seam.id).cut_frame)
