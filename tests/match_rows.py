"""Pairs of shots as rows, made up, for tests of what shows them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from seamline.project.match_cuts import JudgedPair, MatchKind, MatchPair, MatchSide, Verdict
from seamline_widgets.match_items import MatchItem

if TYPE_CHECKING:
    from seamline_widgets.match_panel import MatchPanel

REASON = (
    "What stands out is at the right in both; light and dark in the same places; something moves left in both, at "
    "about the same speed"
)


def item_at(at: int, verdict: Verdict = Verdict.OPEN, note: str = "", reason: str = REASON) -> MatchItem:
    pair = MatchPair(
        MatchSide("one", 100 * at, 100 * at + 90, 100 * at + 80),
        MatchSide("two", 100 * at + 50, 100 * at + 99, 100 * at + 55),
        MatchKind.FRAME if at % 2 else MatchKind.MOTION,
        0.9 - at / 100,
        0.5,
        0.5,
        0.5,
        reason,
    )
    names = f"Shot {at + 1}", f"Two.mov, shot {at + 40}"
    return MatchItem(JudgedPair(pair, verdict, note), *names, f"01:00:00:0{at % 10}", f"02:00:00:0{at % 10}")


def judged_as(item: MatchItem, verdict: Verdict, note: str = "") -> MatchItem:
    return replace(item, judged=replace(item.judged, verdict=verdict, note=note))


def show_pairs(panel: MatchPanel, count: int = 6) -> list[MatchItem]:
    items = [item_at(at) for at in range(count)]
    panel.set_items(items, f"{count} match cuts")
    return items
