"""Pieces that the table and the grid of shots are painted with."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QIcon, QImage, QPainter, QPen, QPixmap
from PySide6.QtWidgets import QApplication

from seamline.project.types import Origin, Seam, ShotColour
from seamline_resources import palette
from seamline_widgets.icons import icon_pixmap

THUMBNAIL_SIZE = QSize(64, 36)
CHIP_PX = 16
STRIPE_PX = 4
NOW_PX = 3
_LEAST_FILM_PX = 48
"""Of a film's name: some letters."""


def paint_picture(painter: QPainter, box: QRect, image: QImage | None) -> QRect:
    """Paint a shot's picture into the middle of `box`, or what stands for it; returns where it is."""
    painter.fillRect(box, QColor(palette.PICTURE_SURROUND))
    if image is None or image.isNull():
        pixmap = icon_pixmap("film", 16, palette.OUTLINE, painter.device().devicePixelRatio())
        painter.drawPixmap(box.center().x() - 7, box.center().y() - 7, pixmap)
        return box
    size = image.size().scaled(box.size(), Qt.AspectRatioMode.KeepAspectRatio)
    target = QRect(0, 0, size.width(), size.height())
    target.moveCenter(box.center())
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    painter.drawImage(QRectF(target), image, QRectF(image.rect()))
    return target


def paint_stripe(painter: QPainter, picture: QRect, colour: ShotColour | None) -> None:
    """The editor's colour, as a stripe that stands at the left edge of the picture, outside it."""
    if colour is not None:
        stripe = QRect(picture.left() - STRIPE_PX, picture.top(), STRIPE_PX, picture.height())
        painter.fillRect(stripe, QColor(palette.SHOT_COLOURS[colour]))


def paint_chip(painter: QPainter, chip: QRectF, seam: Seam) -> None:
    """The seam's kind as a letter on its colour; what the editor made or confirmed has a ring."""
    look = palette.SEAM_LOOKS[seam.kind]
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(look.colour))
    painter.drawRoundedRect(chip, 2, 2)
    painter.setPen(QColor(palette.PICTURE_SURROUND))
    font = QFont()
    font.setBold(True)
    font.setPixelSize(11)
    painter.setFont(font)
    painter.drawText(chip, int(Qt.AlignmentFlag.AlignCenter), look.letter)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    if seam.origin is Origin.USER:
        painter.setPen(QPen(QColor(palette.TEXT_STRONG), 1))
        painter.drawRoundedRect(chip.adjusted(-1.5, -1.5, 1.5, 1.5), 3, 3)


def paint_line(
    painter: QPainter,
    rect: QRect,
    text: str,
    colour: str,
    side: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft,
) -> None:
    """One line of text at a side of `rect`, in its middle, with dots where it is too long."""
    painter.setPen(QColor(colour))
    fitting = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, rect.width())
    painter.drawText(rect, int(side | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine), fitting)


def shown_name(name: str, wide: int) -> tuple[str, int]:
    """A name such as “Two.mov, shot 3” in so many pixels, and how many it leaves; below 0 it does not fit.

    The film gives way, as far as it can still be told; its shot does not.
    """
    metrics = QFontMetrics(QApplication.font())
    film, comma, shot = name.rpartition(", ")
    if metrics.horizontalAdvance(name) > wide and film:
        most = max(_LEAST_FILM_PX, wide - metrics.horizontalAdvance(f"{comma}{shot}"))
        name = f"{metrics.elidedText(film, Qt.TextElideMode.ElideRight, most)}{comma}{shot}"
    return name, wide - metrics.horizontalAdvance(name)


def swatch(colour: ShotColour) -> QIcon:
    """A patch of one of the editor's colours, for menus and buttons."""
    result = QIcon()
    for ratio in (1.0, 2.0):
        pixmap = QPixmap(round(12 * ratio), round(12 * ratio))
        pixmap.setDevicePixelRatio(ratio)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(palette.SHOT_COLOURS[colour]))
        painter.drawRoundedRect(QRectF(0, 0, 12, 12), 2, 2)
        painter.end()
        result.addPixmap(pixmap)
    return result
