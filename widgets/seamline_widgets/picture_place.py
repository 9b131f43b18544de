"""Where a picture lies in its view: fitted, or pixel for pixel and moved about."""

from __future__ import annotations

from typing import Final, Literal, get_args

from PySide6.QtCore import QPointF, QRectF, QSize, QSizeF

Zoom = Literal["fit", "100"]
ZOOMS: Final[tuple[str, ...]] = get_args(Zoom)


class PicturePlace:
    """The rectangle of a picture of `full_size` film pixels in a view of `view` logical pixels.

    At "100", one film pixel is one pixel of the device, whose edges it keeps to; the point of the picture in the
    middle of the view is remembered as shares of its width and height, so that it stays there when the view or the
    picture changes its size.
    """

    def __init__(self) -> None:
        self.zoom: Zoom = "fit"
        self.full_size = QSize()
        self.aspect = 0.0
        self._middle = QPointF(0.5, 0.5)

    def reset(self) -> None:
        """Look at the middle again."""
        self._middle = QPointF(0.5, 0.5)

    def rect(self, view: QSize, ratio: float) -> QRectF:
        """In logical pixels, `ratio` of the device's to each; empty without a picture."""
        if self.aspect <= 0:
            return QRectF()
        if self.zoom == "fit" or self.full_size.isEmpty():
            return self._fitted(view, ratio)
        size = QSizeF(self.full_size) / ratio
        left = _start(self._middle.x(), self.full_size.width(), round(view.width() * ratio))
        top = _start(self._middle.y(), self.full_size.height(), round(view.height() * ratio))
        return QRectF(QPointF(left, top) / ratio, size)

    def overflow(self, view: QSize, ratio: float) -> QSizeF:
        """By how many logical pixels the picture is wider and higher than the view, at least 0."""
        size = self.rect(view, ratio).size()
        return QSizeF(max(0.0, size.width() - view.width()), max(0.0, size.height() - view.height()))

    def move(self, by: QPointF, view: QSize, ratio: float) -> None:
        """Move the picture by logical pixels, as far as there is more of it to see."""
        size = QSizeF(self.full_size) / ratio
        if self.zoom == "fit" or size.isEmpty():
            return
        self.show(self._middle - QPointF(by.x() / size.width(), by.y() / size.height()), view, ratio)

    def show(self, point: QPointF, view: QSize, ratio: float) -> None:
        """Bring a point of the picture, in shares of its size, as near to the view's middle as it will go."""
        size = QSizeF(self.full_size) / ratio
        if size.isEmpty():
            return
        self._middle = QPointF(
            _clamped(point.x(), view.width() / size.width()),
            _clamped(point.y(), view.height() / size.height()),
        )

    def _fitted(self, view: QSize, ratio: float) -> QRectF:
        # rounded as the reader rounds a picture's size, so that one made for this view needs no scaling here
        most = QSize(round(view.width() * ratio), round(view.height() * ratio))
        full = self.full_size
        is_square = not full.isEmpty() and full.width() / full.height() == self.aspect
        shape = (full.width(), full.height()) if is_square else (self.aspect, 1.0)
        scale = min(most.width() / shape[0], most.height() / shape[1])
        width, height = (max(1, round(side * scale)) for side in shape)
        corner = QPointF((most.width() - width) // 2, (most.height() - height) // 2)
        return QRectF(corner / ratio, QSizeF(width, height) / ratio)


def _start(middle: float, length_px: int, view_px: int) -> int:
    """Where a picture's side begins, in device pixels: centred where it fits, without a gap where it does not."""
    if length_px <= view_px:
        return (view_px - length_px) // 2
    return min(0, max(view_px - length_px, round(view_px / 2 - middle * length_px)))


def _clamped(share: float, seen: float) -> float:
    """`share` where no gap opens when `seen` of the whole length is in view."""
    return 0.5 if seen >= 1 else min(1 - seen / 2, max(seen / 2, share))
