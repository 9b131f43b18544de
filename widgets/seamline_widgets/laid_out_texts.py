"""Words that a painter draws again and again, laid out once."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetricsF, QStaticText


class LaidOutTexts:
    """Keeps at most about `most` texts, all of one font."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._texts: dict[str, tuple[QStaticText, float]] = {}

    def get(self, text: str, metrics: QFontMetricsF) -> tuple[QStaticText, float]:
        """The text laid out, as plain text, and its width."""
        held = self._texts.get(text)
        if held is None:
            if len(self._texts) > self._most:
                self._texts.clear()
            static = QStaticText(text)
            static.setTextFormat(Qt.TextFormat.PlainText)
            static.setPerformanceHint(QStaticText.PerformanceHint.AggressiveCaching)
            held = self._texts[text] = static, metrics.horizontalAdvance(text)
        return held
