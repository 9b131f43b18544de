"""Seams for the review of seams, and its panel over the film that they are of."""

from __future__ import annotations

import numpy as np
from pytestqt.qtbot import QtBot

from seamline.media.timecode import TimecodeRate
from seamline.project.types import Origin, Seam, SeamKind
from seamline_widgets.review_panel import SeamReviewPanel
from seamline_widgets.review_seam import ReviewedSeam

CUT = ReviewedSeam(Seam(99, 100, confidence=0.42, id="cut"), False, 40, 180)
DISSOLVE = ReviewedSeam(Seam(199, 212, SeamKind.DISSOLVE, 0.7, id="dissolve"), False, 100, 250)
QUESTION = ReviewedSeam(Seam(299, 300, confidence=0.3, id="question"), is_question=True)
MINE = ReviewedSeam(Seam(499, 500, origin=Origin.USER, id="mine"), False, 400, 600)


def timecode(frame: int) -> str:
    """The film begins at 01:00:00:00."""
    return TimecodeRate(25).format(90_000 + frame)


def shown_panel(qtbot: QtBot) -> SeamReviewPanel:
    """Over a film of a thousand frames whose similarity is .9 everywhere, .2 at frame 100, unknown from 600 on."""
    widget = SeamReviewPanel()
    qtbot.addWidget(widget)
    widget.resize(1360, 190)
    widget.set_film(1000, 16 / 9, timecode)
    similarity = np.full(1000, 0.9, np.float32)
    similarity[100] = 0.2
    similarity[600:] = np.nan
    widget.set_similarity(similarity)
    with qtbot.waitExposed(widget):
        widget.show()
    return widget
