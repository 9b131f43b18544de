"""Where scenes and their shots lie in a column of a given width."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

from PySide6.QtCore import QPoint, QRect, QSize

MARGIN_PX, GAP_PX, HEAD_PX = 12, 4, 28
LEAST_CELL_PX = 72
_MOST_CELL_PX, _CELL_SHAPE = 120, 0.6
_END_PX = 8


class FootageLayout:
    """Lays scenes of so many cells each below one another, their cells in lines. In logical pixels, from the top."""

    def __init__(self, counts: Sequence[int], width: int) -> None:
        room_px = max(1, width - 2 * MARGIN_PX)
        self.columns = max(1, (room_px + GAP_PX) // (LEAST_CELL_PX + GAP_PX))
        cell_px = min((room_px - (self.columns - 1) * GAP_PX) // self.columns, _MOST_CELL_PX)
        self.cell_size = QSize(max(1, cell_px), max(1, round(cell_px * _CELL_SHAPE)))
        self._width = width
        self._tops: list[int] = []
        self._firsts: list[int] = []
        self._counts = tuple(counts)
        line_px = self.cell_size.height() + GAP_PX
        top = first = 0
        for count in counts:
            self._tops.append(top)
            self._firsts.append(first)
            lines = -(-count // self.columns)
            top += HEAD_PX + lines * line_px + _END_PX
            first += count
        self.height = top

    def scene_of(self, cell: int) -> int:
        """The scene that the cell with that number, over all scenes, belongs to."""
        return bisect_right(self._firsts, cell) - 1

    def head(self, scene: int) -> QRect:
        return QRect(MARGIN_PX, self._tops[scene], self._width - 2 * MARGIN_PX, HEAD_PX)

    def cell(self, cell: int) -> QRect:
        scene = self.scene_of(cell)
        line, column = divmod(cell - self._firsts[scene], self.columns)
        left = MARGIN_PX + column * (self.cell_size.width() + GAP_PX)
        top = self._tops[scene] + HEAD_PX + line * (self.cell_size.height() + GAP_PX)
        return QRect(QPoint(left, top), self.cell_size)

    def scenes_between(self, top: int, bottom: int) -> range:
        """The scenes of which something lies between these heights."""
        if not self._tops:
            return range(0)
        return range(max(0, bisect_right(self._tops, top) - 1), bisect_right(self._tops, bottom))

    def cells_between(self, top: int, bottom: int) -> range:
        """The cells of which something lies between these heights, and perhaps some more of their lines."""
        scenes = self.scenes_between(top, bottom)
        if not scenes:
            return range(0)
        return range(
            self._from(scenes[0], top), self._from(scenes[-1], bottom + self.cell_size.height() + GAP_PX)
        )

    def cell_at(self, point: QPoint) -> int:
        """The cell there, -1 for none."""
        for cell in self.cells_between(point.y(), point.y()):
            if self.cell(cell).contains(point):
                return cell
        return -1

    def beside(self, cell: int, lines: int) -> int:
        """The cell so many lines below (above, if negative), in the same column as far as there is one."""
        scene = self.scene_of(cell)
        place = cell - self._firsts[scene]
        line, column = divmod(place, self.columns)
        line += lines
        while line < 0 and scene > 0:
            scene -= 1
            line += -(-self._counts[scene] // self.columns)
        while scene < len(self._counts) - 1 and line >= -(-self._counts[scene] // self.columns):
            line -= -(-self._counts[scene] // self.columns)
            scene += 1
        if line < 0 or line >= -(-self._counts[scene] // self.columns):
            return cell
        return self._firsts[scene] + min(line * self.columns + column, self._counts[scene] - 1)

    def _from(self, scene: int, height: int) -> int:
        """The first cell of the line of that scene that lies at `height` or below it."""
        line = max(0, (height - self._tops[scene] - HEAD_PX) // (self.cell_size.height() + GAP_PX))
        return self._firsts[scene] + min(line * self.columns, self._counts[scene])
