"""The kind of a seam under review, as a letter on its colour."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPen

from seamline_resources import palette
from seamline_widgets.review_seam import ReviewedSeam


def paint_chip(painter: QPainter, rect: QRectF, subject: ReviewedSeam) -> None:
    """The seam's kind as a letter on its colour; of what only perhaps is one, an outline with a question mark.

    A ring says that it is the editor's.
    """
    look = palette.SEAM_LOOKS[subject.seam.kind]
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    font = QFont(painter.font())
    font.setBold(True)
    font.setPixelSize(11)
    painter.setFont(font)
    colour = QColor(look.colour)
    if subject.is_question:
        painter.setBrush(QColor(palette.SUNKEN))
        painter.setPen(QPen(colour, 1.5))
        painter.drawRoundedRect(rect.adjusted(0.75, 0.75, -0.75, -0.75), 2, 2)
        painter.drawText(rect, int(Qt.AlignmentFlag.AlignCenter), "?")
    else:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        painter.drawRoundedRect(rect, 2, 2)
        painter.setPen(QColor(palette.PICTURE_SURROUND))
        painter.drawText(rect, int(Qt.AlignmentFlag.AlignCenter), look.letter)
        if subject.state_text != "Proposed":
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(palette.TEXT_STRONG), 1))
            painter.drawRoundedRect(rect.adjusted(-1.5, -1.5, 1.5, 1.5), 3, 3)
    painter.restore()
