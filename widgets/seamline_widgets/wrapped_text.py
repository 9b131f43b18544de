"""A text in lines of a width, with dots where it goes on."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QFontMetrics, QTextLayout, QTextOption


def wrapped(text: str, font: QFont, width_px: int, most_lines: int) -> tuple[str, ...]:
    """`text` in as many lines as it needs, but no more than `most_lines`."""
    if most_lines < 1 or not text:
        return ()
    layout = QTextLayout(text, font)
    layout.setTextOption(QTextOption(Qt.AlignmentFlag.AlignLeft))
    layout.beginLayout()
    starts: list[int] = []
    while len(starts) < most_lines and (line := layout.createLine()).isValid():
        line.setLineWidth(max(1, width_px))
        starts.append(line.textStart())
    layout.endLayout()
    # Qt counts in halves of surrogate pairs
    units = text.encode("utf-16-le")
    ends = [*starts[1:], len(units) // 2]
    parts = (units[2 * first : 2 * last] for first, last in zip(starts, ends, strict=True))
    lines = [part.decode("utf-16-le", "ignore").strip() for part in parts]
    lines[-1] = QFontMetrics(font).elidedText(lines[-1], Qt.TextElideMode.ElideRight, max(1, width_px))
    return tuple(lines)
