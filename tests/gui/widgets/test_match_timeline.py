"""Match cuts on the timeline: a sign below each one's flag, with its reason, in looks that can be told apart."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtGui import QColor, QImage
from pytestqt.qtbot import QtBot

from seamline.project.match_cuts import MatchKind, Verdict
from seamline_resources import palette
from seamline_resources.icon_files import icon_svg
from seamline_resources.match_looks import KIND_LOOKS, VERDICT_LOOKS
from seamline_widgets.audition_keys import AUDITION_KEYS
from seamline_widgets.match_layout import MatchButton
from seamline_widgets.timeline_matches import MatchMark, MatchTimeline
from seamline_widgets.timeline_rows import FLAGS_PX

FRAMES = 1000
FRAME = MatchMark(200, "frame", 0.87, "Both faces left of centre")
MOTION = MatchMark(600, "motion", 0.5)


def _timecode(frame: int) -> str:
    return f"01:00:{frame // 25:02}:{frame % 25:02}"


@pytest.fixture(params=[True, False], ids=["filmstrip", "no filmstrip"])
def timeline(qtbot: QtBot, request: pytest.FixtureRequest) -> MatchTimeline:
    view = MatchTimeline()
    qtbot.addWidget(view)
    view.set_rows(filmstrip=request.param, waveform=False)
    view.resize(1000, 260)
    view.show()
    view.set_film(FRAMES, _timecode, 25)
    view.set_playhead(900)
    return view


def _shot(view: MatchTimeline) -> QImage:
    return view.grab().toImage()


def _changed(before: QImage, after: QImage) -> set[tuple[int, int]]:
    return {
        (x, y)
        for x in range(before.width())
        for y in range(120)
        if before.pixelColor(x, y) != after.pixelColor(x, y)
    }


def test_a_sign_stands_below_the_flag_of_each(timeline: MatchTimeline) -> None:
    before = _shot(timeline)
    timeline.set_matches([MOTION, FRAME])
    after = _shot(timeline)
    changed = _changed(before, after)
    for mark in (FRAME, MOTION):
        x = round(timeline.x_of(mark.frame))
        own = {(at, y) for at, y in changed if abs(at - x) <= 9}
        changed -= own
        assert min(y for _, y in own) > FLAGS_PX  # the flag's letter can be read
        assert KIND_LOOKS[mark.kind].colour in {after.pixelColor(*at).name() for at in own}
    assert changed == set()
    timeline.set_matches(())
    assert _shot(timeline) == before


def test_the_mouse_is_told_kind_score_and_reason(timeline: MatchTimeline) -> None:
    timeline.set_matches([FRAME, MOTION])
    texts = [
        timeline.match_text(QPoint(round(timeline.x_of(mark.frame)), FLAGS_PX + 8))
        for mark in (FRAME, MOTION)
    ]
    assert texts == [
        "Match cut: frame match, score .87\nBoth faces left of centre",
        "Match cut: motion match, score .50",
    ]
    assert timeline.match_text(QPoint(400, FLAGS_PX + 8)) == ""
    assert timeline.match_text(QPoint(200, FLAGS_PX - 8)) == ""


def test_what_a_sign_says_can_be_said_on_one_line() -> None:
    assert FRAME.sentence == "Match cut: frame match, score .87. Both faces left of centre."
    assert MOTION.sentence == "Match cut: motion match, score .50."


def test_of_a_crowd_the_best_is_drawn_until_there_is_room(timeline: MatchTimeline) -> None:
    timeline.set_matches(
        [MatchMark(500 + at, "frame", score) for at, score in ((0, 0.5), (2, 0.9), (4, 0.6))]
    )

    def drawn() -> set[int]:
        marks = (timeline.match_at(QPoint(x, FLAGS_PX + 8)) for x in range(timeline.width()))
        return {mark.frame for mark in marks if mark is not None}

    assert drawn() == {502}
    timeline.show_frames(480, 530)
    assert drawn() == {500, 502, 504}


def test_another_film_has_none(timeline: MatchTimeline) -> None:
    timeline.set_matches([FRAME])
    timeline.set_film(FRAMES, _timecode, 25)
    assert timeline.match_at(QPoint(200, FLAGS_PX + 8)) is None


def _luminance(colour: str) -> float:
    value = QColor(colour)
    parts = (value.redF(), value.greenF(), value.blueF())
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def test_every_kind_and_verdict_has_a_look_that_can_be_read() -> None:
    assert set(KIND_LOOKS) == set(MatchKind)
    assert set(VERDICT_LOOKS) == set(Verdict)
    grounds = (palette.PICTURE_SURROUND, palette.SUNKEN, palette.WINDOW, palette.RAISED, palette.SELECTED)
    for look in (*KIND_LOOKS.values(), *VERDICT_LOOKS.values()):
        for ground in grounds:
            low, high = sorted((_luminance(look.colour), _luminance(ground)))
            assert (high + 0.05) / (low + 0.05) >= 4.5, (look.name, ground)
    names = [look.name for look in (*KIND_LOOKS.values(), *VERDICT_LOOKS.values())]
    assert len(set(names)) == len(names)


def test_every_icon_that_is_named_is_there() -> None:
    names = {look.icon for look in (*KIND_LOOKS.values(), *VERDICT_LOOKS.values())}
    names |= {key.icon for key in AUDITION_KEYS} | {button.value for button in MatchButton}
    for name in names - {""}:
        assert icon_svg(name).startswith(b"<svg")
