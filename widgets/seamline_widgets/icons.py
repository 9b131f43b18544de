"""Icons drawn from our own vector files, crisp at every scale factor and tinted by the palette."""

from __future__ import annotations

from functools import cache

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from seamline_resources import palette
from seamline_resources.icon_files import icon_svg

# what 16, 20 and 28 logical pixels become at 100, 125, 150, 200 and 300 %
_SIZES_PX = (16, 20, 24, 25, 28, 30, 32, 35, 40, 42, 48, 56, 60, 84)


@cache
def icon(name: str, colour: str = palette.TEXT) -> QIcon:
    """Icon `name` of `seamline_resources/icons`, in `colour`, and greyed for the disabled state."""
    result = QIcon()
    for mode, tint in ((QIcon.Mode.Normal, colour), (QIcon.Mode.Disabled, palette.TEXT_DISABLED)):
        for size in _SIZES_PX:
            result.addPixmap(icon_pixmap(name, size, tint), mode)
    return result


def icon_pixmap(name: str, size_px: int, colour: str = palette.TEXT, ratio: float = 1.0) -> QPixmap:
    """Icon `name` as a square of `size_px` logical pixels at the device pixel ratio `ratio`."""
    device_px = round(size_px * ratio)
    pixmap = QPixmap(device_px, device_px)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    QSvgRenderer(QByteArray(icon_svg(name))).render(painter, QRectF(0, 0, device_px, device_px))
    painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceIn)
    painter.fillRect(pixmap.rect(), QColor(colour))
    painter.end()
    pixmap.setDevicePixelRatio(ratio)
    return pixmap
