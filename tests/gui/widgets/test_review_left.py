"""The review panel says what is left at any size, and follows a seam that is dragged elsewhere."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from seamline.media.timecode import TimecodeRate
from seamline.project.types import Seam, SeamKind
from seamline_widgets.review_panel import SeamReviewPanel
from seamline_widgets.review_seam import ReviewedSeam

CUT = ReviewedSeam(Seam(99, 100, confidence=0.42, id="cut"), False, 40, 180)
SIZES = [(520, 120), (520, 190), (700, 400), (920, 120), (920, 190), (1360, 190), (1900, 120), (1900, 400)]


@pytest.fixture
def panel(qtbot: QtBot) -> SeamReviewPanel:
    """Over a film of a thousand frames that are much alike."""
    widget = SeamReviewPanel()
    qtbot.addWidget(widget)
    widget.resize(1360, 190)
    widget.set_film(1000, 16 / 9, TimecodeRate(25).format)
    widget.set_similarity(np.full(1000, 0.9, np.float32))
    with qtbot.waitExposed(widget):
        widget.show()
    return widget


def _picture_colours(panel: SeamReviewPanel) -> list[str]:
    shown = []
    for still in panel.stills.stills:
        at = still.picture_rect().center()
        shown.append(still.grab().toImage().pixelColor(at).name())
    return shown


# -- what is left


@pytest.mark.parametrize(("width", "height"), [*SIZES, (916, 120), (916, 150), (1360, 120)])
@pytest.mark.parametrize("counts", [(19, 40, 3), (1041, 2212, 112), (0, 9, 0)])
def test_what_is_left_is_always_said(
    panel: SeamReviewPanel, width: int, height: int, counts: tuple[int, int, int]
) -> None:
    panel.resize(width, height)
    panel.show_seam(CUT)
    panel.set_progress(*counts)
    labels = [label for label in (panel.facts.progress, panel.facts.left) if label.isVisible()]
    assert f"{counts[1] - counts[0]} left" in " ".join(label.text() for label in labels)
    for label in labels:
        assert label.fontMetrics().horizontalAdvance(label.text()) <= label.width()
        assert panel.facts.rect().contains(label.geometry())
        assert not any(label.geometry().intersects(b.geometry()) for b in panel.facts.buttons.values())


def test_after_the_analysis_no_seam_is_no_longer_a_promise(panel: SeamReviewPanel) -> None:
    panel.set_progress(0, 0, 0)
    assert panel.facts.progress.text() == "No seams yet"
    panel.set_progress(0, 0, 0, is_complete=True)
    assert panel.facts.progress.text() == "No seam was found"
    assert panel.facts.progress.toolTip() == "No seam was found"


# -- while a hand drags it elsewhere


def test_a_picture_of_a_dragged_seam_is_shown_as_soon_as_it_is_there(
    panel: SeamReviewPanel, plain_image: Callable[..., QImage]
) -> None:
    panel.show_seam(CUT)
    for frame in (99, 100, 101):
        panel.set_picture(frame, plain_image("#202060"))
    panel.show_seam(CUT.moved(149, 150), is_dragged=True)
    panel.set_picture(150, plain_image("#ff0000"))
    assert _picture_colours(panel)[1] == "#ff0000"
    assert _picture_colours(panel)[0] != "#202060"  # dimmed
    panel.show_seam(CUT.moved(150, 151), is_dragged=True)
    assert _picture_colours(panel)[0] == "#ff0000"  # the same frame, in its other place


def test_a_cut_that_is_pulled_apart_is_called_what_it_becomes() -> None:
    assert CUT.moved(95, 104).seam.kind is SeamKind.DISSOLVE
    assert CUT.moved(95, 104).frames == (95, 100, 104)
