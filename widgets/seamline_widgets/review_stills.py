"""Three pictures side by side, of one size, that change together."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, QTimer, Signal
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from seamline_widgets.review_still import CAPTION_PX, Caption, Still

GAP_PX = 12
PATIENCE_MS = 150
"""So long what was shown before may stay, dimmed; then what is there is shown, and empty places where nothing is."""


class StillsRow(QWidget):
    """The three pictures of a seam, all of one size and at the film's aspect.

    A new set takes the old one's place as a whole: what was shown stays, dimmed, until all are there or
    `PATIENCE_MS` have passed. While a hand drags the seam, each is shown as soon as it is there.
    `frame_wanted(frame)`: one of them was clicked.
    """

    frame_wanted = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.stills = tuple(Still(self) for _ in range(3))
        self._aspect = 16 / 9
        self._pictures: dict[int, QImage] = {}
        self._is_settled = True
        self._seam_colour = ""
        self._is_span = self._is_question = self._is_dragged = False
        self._patience = QTimer(self, singleShot=True, interval=PATIENCE_MS)
        self._patience.timeout.connect(self._settle)
        for still in self.stills:
            still.clicked.connect(lambda still=still: self._emit_wanted(still))

    @property
    def frames(self) -> tuple[int, ...]:
        """The frames that the captions name."""
        return tuple(s.caption.frame for s in self.stills if s.caption.frame is not None)

    @property
    def picture_size(self) -> QSize:
        """Of each picture, in logical pixels."""
        return picture_size(self.size(), self._aspect)

    def set_aspect(self, aspect: float) -> None:
        """Width over height of the film's pictures."""
        self._aspect = aspect
        self._arrange()

    def set_look(self, colour: str, *, is_span: bool, is_question: bool) -> None:
        """The seam's mark between the pictures: where it cuts, or that it reaches over all three."""
        self._seam_colour, self._is_span, self._is_question = colour, is_span, is_question
        self.update()

    def set_captions(self, captions: Sequence[Caption], *, is_dragged: bool = False) -> None:
        """Show these three frames; their pictures come by `set_picture`."""
        self._is_dragged = is_dragged
        frames = [caption.frame for caption in captions if caption.frame is not None]
        is_same = tuple(frames) == self.frames
        for still, caption in zip(self.stills, captions, strict=True):
            still.set_caption(caption)
        if is_same:
            return
        self._pictures = {frame: self._pictures[frame] for frame in frames if frame in self._pictures}
        self._is_settled = False
        if self._is_complete():
            self._settle()
            return
        for still in self.stills:
            still.set_image(still.image, is_stale=True)
            if is_dragged:
                self._show_if_there(still)
        self._patience.start()

    def set_picture(self, frame: int, image: QImage) -> None:
        """A picture of one of the frames, or a better one; a null image where there can be none."""
        if frame not in self.frames:
            return
        self._pictures[frame] = image
        if self._is_settled or self._is_complete():
            self._settle()
        elif self._is_dragged:
            for still in self.stills:
                self._show_if_there(still)

    def clear(self) -> None:
        """Show nothing."""
        self._patience.stop()
        self._pictures.clear()
        self._is_settled = True
        for still in self.stills:
            still.set_caption(Caption(None, "", "", ""))
            still.set_image(None, is_stale=False)

    def set_playhead(self, frame: int) -> None:
        for still in self.stills:
            still.set_current(still.caption.frame == frame)

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._seam_colour:
            return
        painter = QPainter(self)
        boxes = [still.picture_rect().translated(still.pos()) for still in self.stills]
        colour = QColor(self._seam_colour)
        if self._is_span:
            gaps = [(boxes[0], boxes[1]), (boxes[1], boxes[2])]
            height = boxes[0].height() // 3
        else:
            gaps = [(boxes[0], boxes[1])]
            height = boxes[0].height()
        for before, after in gaps:
            x = (before.right() + after.left()) // 2
            top = before.top() + (before.height() - height) // 2
            step = 8 if self._is_question else height
            for y in range(top, top + height, step):
                painter.fillRect(x, y, 2, min(4 if self._is_question else step, top + height - y), colour)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _is_complete(self) -> bool:
        return all(frame in self._pictures for frame in self.frames)

    def _show_if_there(self, still: Still) -> None:
        image = None if still.caption.frame is None else self._pictures.get(still.caption.frame)
        if image is not None:
            still.set_image(image, is_stale=False)

    def _settle(self) -> None:
        self._patience.stop()
        self._is_settled = True
        for still in self.stills:
            frame = still.caption.frame
            still.set_image(None if frame is None else self._pictures.get(frame), is_stale=False)

    def _emit_wanted(self, still: Still) -> None:
        if still.caption.frame is not None:
            self.frame_wanted.emit(still.caption.frame)

    def _arrange(self) -> None:
        size = self.picture_size
        used = 3 * size.width() + 2 * GAP_PX
        left, top = (self.width() - used) // 2, max(0, (self.height() - size.height() - CAPTION_PX) // 2)
        for at, still in enumerate(self.stills):
            still.set_picture_size(size)
            still.setGeometry(
                left + at * (size.width() + GAP_PX), top, size.width(), size.height() + CAPTION_PX
            )
        self.update()


def picture_size(row: QSize, aspect: float) -> QSize:
    """How large three pictures of that aspect can be in a row of that size, each with a caption."""
    height = max(1, row.height() - CAPTION_PX)
    width = max(1, (row.width() - 2 * GAP_PX) // 3)
    return QSize(min(width, max(1, round(height * aspect))), min(height, max(1, round(width / aspect))))
