"""While a seam is dragged, the picture shows where it would lie; the playhead stays."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from timeline_hands import LEFT, move

if TYPE_CHECKING:
    from tests.films import FilmSpec
    from tests.gui.app.conftest import Hands


@pytest.mark.parametrize("drops", [False, True])
def test_the_picture_follows_a_dragged_seam(hands: Hands, film: FilmSpec, drops: bool) -> None:
    window = hands.window
    hands.open(film)
    assert window.document is not None
    timeline, seam = window.timeline, window.document.project.seams[1]
    window.document.select(seam.id)
    window.go_to(seam.in_frame)
    hands.sees(seam.in_frame)
    start, end = (QPoint(round(timeline.x_of(seam.in_frame + by)), 10) for by in (0, 4))
    QTest.mousePress(timeline, LEFT, pos=start)
    move(timeline, start.x() + 4, 10)
    move(timeline, end.x(), 10)
    hands.wait(lambda: window.picture.frame == seam.in_frame + 4)
    assert hands.painted_number() == seam.in_frame + 4
    assert timeline.playhead == window.shown_frame == seam.in_frame
    assert window.document.selected is not None
    assert window.document.selected.id == seam.id
    if drops:
        QTest.mouseRelease(timeline, LEFT, pos=end)
        moved = window.document.project.seams[1].cut_frame
        assert moved == seam.in_frame + 4
        hands.sees(moved)
    else:
        QTest.keyClick(timeline, Qt.Key.Key_Escape)
        assert window.document.project.seams[1] == seam
        hands.sees(seam.in_frame)
