"""Labels of shots as chips: letters or a sign on a colour, the stronger the surer, as on the timeline."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QIcon, QPainter, QPen, QPixmap

from seamline_resources import palette
from seamline_resources.label_looks import LABEL_LOOKS, UNSURE_SHORT
from seamline_widgets.shot_labels import UNLABELLED, UNSURE, AnyLabel, LabelKind
from seamline_widgets.timeline_tints import Tint, TintKey

LETTERS_SIZE, SIGN_SIZE = QSize(28, 16), QSize(16, 16)
"""How large the chips are that have letters, as scales have, or a sign, as movements have."""

_SWATCH_PX = 12


def chip_size(kind: LabelKind) -> QSize:
    """How large the chips of that kind are."""
    return LETTERS_SIZE if kind == "scale" else SIGN_SIZE


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
            painter.setPen(QPen(QColor(palette.TEXT_STRONG), 1))
            painter.drawRoundedRect(chip.adjusted(-1.5, -1.5, 1.5, 1.5), 3, 3)


def class_icon(kind: LabelKind, value: str) -> QIcon:
    """The chip of a class, of `UNSURE` or `UNLABELLED`, for buttons."""
    size = chip_size(kind)

    def paint(painter: QPainter) -> None:
        chip = QRectF(0, 0, size.width(), size.height())
        if value in (UNSURE, UNLABELLED):
            _paint_outline(painter, chip, UNSURE_SHORT if value == UNSURE else "")
        else:
            look = LABEL_LOOKS[kind][value]
            _paint_plate(painter, chip, look.short, _full(look.colour))

    return _icon(size, paint)


def class_swatch(kind: LabelKind, value: str) -> QIcon:
    """A patch of the class's colour, for menus: movements with their signs."""
    look = LABEL_LOOKS[kind][value]

    def paint(painter: QPainter) -> None:
        if kind == "movement":
            _paint_plate(painter, QRectF(0, 0, 16, 16), look.short, _full(look.colour))
        else:
            _paint_plate(painter, QRectF(2, 2, _SWATCH_PX, _SWATCH_PX), "", _full(look.colour))

    return _icon(SIGN_SIZE, paint)


def _full(colour: str) -> TintKey:
    return Tint.key(colour, 1.0, is_user=True)


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


def _icon(size: QSize, paint: Callable[[QPainter], None]) -> QIcon:
    result = QIcon()
    for ratio in (1.0, 2.0):
        pixmap = QPixmap(size * ratio)
        pixmap.setDevicePixelRatio(ratio)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint(painter)
        painter.end()
        result.addPixmap(pixmap)
    return result
