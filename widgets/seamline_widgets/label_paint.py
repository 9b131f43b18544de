"""Labels of shots as chips: letters or an arrow on a colour, the stronger the surer, as on the timeline."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QIcon, QPainter, QPen, QPixmap

from seamline_resources import palette
from seamline_resources.label_looks import LABEL_LOOKS, UNSURE_SHORT
from seamline_widgets.shot_labels import UNLABELLED, UNSURE, AnyLabel, LabelKind
from seamline_widgets.timeline_tints import Tint, TintKey

CHIP_SIZE = QSize(28, 16)
_RING_PX = 1.5


def paint_label(painter: QPainter, chip: QRectF, kind: LabelKind, label: AnyLabel | None) -> None:
    """The label's letters on its colour; the editor's own has a ring. Nothing where there is none.

    Where the analysis is unsure it is an outline with a question mark.
    """
    if label is None:
        return
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    if label.value is None:
        _paint_outline(painter, chip, UNSURE_SHORT)
    else:
        look = LABEL_LOOKS[kind][label.value]
        _paint_plate(
            painter, chip, look.short, Tint.key(look.colour, label.confidence, is_user=label.is_user)
        )
        if label.is_user:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(palette.TEXT_STRONG), _RING_PX))
            out = 0.5 + _RING_PX / 2
            painter.drawRoundedRect(chip.adjusted(-out, -out, out, out), 3, 3)


def paint_class(painter: QPainter, chip: QRectF, kind: LabelKind, value: str) -> None:
    """The chip of a class in its full colour, of `UNSURE` or `UNLABELLED` an outline."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    if value in (UNSURE, UNLABELLED):
        _paint_outline(painter, chip, UNSURE_SHORT if value == UNSURE else "")
    else:
        look = LABEL_LOOKS[kind][value]
        _paint_plate(painter, chip, look.short, Tint.key(look.colour, 1.0, is_user=True))


def class_icon(kind: LabelKind, value: str) -> QIcon:
    """The chip of a class, of `UNSURE` or `UNLABELLED`, for buttons."""
    result = QIcon()
    for ratio in (1.0, 2.0):
        pixmap = QPixmap(CHIP_SIZE * ratio)
        pixmap.setDevicePixelRatio(ratio)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        paint_class(painter, QRectF(0, 0, CHIP_SIZE.width(), CHIP_SIZE.height()), kind, value)
        painter.end()
        result.addPixmap(pixmap)
    return result


def _paint_plate(painter: QPainter, chip: QRectF, text: str, key: TintKey) -> None:
    tint = Tint.of(key)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(*tint.rgb))
    painter.drawRoundedRect(chip, 2, 2)
    _write(painter, chip, text, tint.ink)


def _paint_outline(painter: QPainter, chip: QRectF, text: str) -> None:
    painter.setBrush(QColor(palette.SUNKEN))
    painter.setPen(
        QPen(QColor(palette.TEXT_QUIET), 1, Qt.PenStyle.SolidLine if text else Qt.PenStyle.DotLine)
    )
    painter.drawRoundedRect(chip.adjusted(0.5, 0.5, -0.5, -0.5), 2, 2)
    _write(painter, chip, text, palette.TEXT)


def _write(painter: QPainter, chip: QRectF, text: str, ink: str) -> None:
    if not text:
        return
    font, ink_middle = _lettering(text)
    painter.setFont(font)
    painter.setPen(QColor(ink))
    middle = chip.center() - ink_middle
    painter.drawText(QPointF(round(middle.x() * 2) / 2, round(middle.y())), text)


@lru_cache(maxsize=64)
def _lettering(text: str) -> tuple[QFont, QPointF]:
    """The font of a chip, and the middle of what is drawn: arrows and signs stand high or low in their line."""
    font = QFont()
    font.setBold(True)
    font.setPixelSize(11 if len(text) > 1 else 13)
    # kept, since signs are looked for in several fonts
    return font, QRectF(QFontMetrics(font).tightBoundingRect(text)).center()
