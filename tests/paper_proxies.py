"""Proxies of paper for the tests of the jobs: drawn when they are asked for."""

from __future__ import annotations

from typing import Any

PROXY_PX = 120


class PaperProxies:
    """Draws the frame asked for, smaller than the film."""

    def __init__(self, films: Any, known: range = range(1000)) -> None:
        self._films = films
        self._known = known
        self.asked: list[int] = []

    def picture_of(self, frame: int) -> Any:
        self.asked.append(frame)
        if frame not in self._known:
            return None
        return self._films.draw_frame(frame, size=(PROXY_PX, PROXY_PX // 2), look=0)
