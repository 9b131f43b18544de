"""Pairs of shots as rows, with the pictures of their two frames at the cut."""

from __future__ import annotations

from seamline.project.match_cuts import PairKey
from seamline_widgets.match_items import MatchItem
from seamline_widgets.pictured_model import PicturedModel


class MatchModel(PicturedModel[MatchItem]):
    """Rows are `items`, the best first; `pictures` are those known of their frames."""

    most_pictures = 1200

    def is_same(self, items: tuple[MatchItem, ...]) -> bool:
        """Where they are of the same pairs as before, the place in the list stays."""
        return [item.key for item in items] == [item.key for item in self.items]

    def row_of(self, key: PairKey) -> int:
        """The row of that pair, -1 for none."""
        return next((row for row, item in enumerate(self.items) if item.key == key), -1)
