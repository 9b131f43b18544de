"""Writing about the selected shots: which they are, and where the field for it opens."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, QRect, QTimer, Signal
from PySide6.QtWidgets import QWidget

from seamline_widgets.shot_comment import CommentEditor
from seamline_widgets.shot_grid import ShotGridView
from seamline_widgets.shot_list import ShotListView
from seamline_widgets.shot_model import Column, ShotModel


class ShotCommenting(QObject):
    """Opens `editor` over `panel`, beside the leading shot in the view that `view()` gives.

    `noted(numbers, what)`: these shots get the comment in `what`.
    """

    noted = Signal(tuple, dict)

    def __init__(
        self, model: ShotModel, view: Callable[[], ShotListView | ShotGridView], panel: QWidget
    ) -> None:
        super().__init__(panel)
        self._model, self._view, self._panel = model, view, panel
        self._ids: tuple[str, ...] = ()
        self.editor = CommentEditor(panel)
        self.editor.finished.connect(self._on_finished)

    def begin(self, seam_ids: Sequence[str]) -> None:
        """Have the shots commented on that begin with these seams, the leading one first."""
        self._ids = tuple(seam_ids)
        self._open()

    def again(self, text: str) -> None:
        """What was written last could not be kept: go on with it."""
        # when the keyboard is where the end of the editing has taken it
        QTimer.singleShot(0, self, lambda: self._open(text))

    def _open(self, written: str | None = None) -> None:
        rows = [row for one in self._ids if (row := self._model.row_of(one)) >= 0]
        if not rows or not self._panel.isVisible():
            return
        texts = {self._model.note(row).comment for row in rows}
        number = self._model.shots[rows[0]].number
        title = f"Comment on shot {number}" if len(rows) == 1 else f"Comment on {len(rows)} shots"
        view = self._view()
        view.reveal(rows[0])
        column = Column.NAME if isinstance(view, ShotGridView) else Column.THUMBNAIL
        rect = view.visualRect(self._model.index(rows[0], column))
        at = QRect(view.viewport().mapTo(self._panel, rect.topLeft()), rect.size())
        self.editor.begin(title, texts.pop() if len(texts) == 1 else "", at, written=written)

    def _on_finished(self, text: str | None) -> None:
        rows = [row for one in self._ids if (row := self._model.row_of(one)) >= 0]
        if text is not None and rows:
            numbers = tuple(sorted(self._model.shots[row].number for row in rows))
            self.noted.emit(numbers, {"comment": text})
