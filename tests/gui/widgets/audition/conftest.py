"""The audition of a pair whose every frame has a colour of its own, a clock that the test turns, and hands on it."""

from __future__ import annotations

from fractions import Fraction

import pytest
from audition_times import even_times
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from seamline.project.match_cuts import JudgedPair, MatchKind, MatchPair, MatchSide, Verdict
from seamline_widgets import audition_clock
from seamline_widgets.audition_pictures import AuditionPictures, Side
from seamline_widgets.audition_view import AuditionView
from seamline_widgets.match_items import MatchItem

Shape = tuple[int, int]
_WIDE: Shape = (160, 90)
_NONE = Qt.KeyboardModifier.NoModifier


class Clock:
    """Time that passes when the test says so."""

    def __init__(self) -> None:
        self.s = 100.0

    def __call__(self) -> float:
        return self.s


class Hands:
    """An audition, its clock, and what is seen of it."""

    times = even_times(Fraction(25))

    def __init__(self, view: AuditionView, clock: Clock, qtbot: QtBot) -> None:
        self.view, self.clock, self._qtbot = view, clock, qtbot
        self.beats = 0
        view.player.moved.connect(self._count)

    def _count(self) -> None:
        self.beats += 1

    def item(self, at: int = 0, verdict: Verdict = Verdict.OPEN, note: str = "") -> MatchItem:
        """A: frames 100 to 200, cut after 180; B: frames 500 to 600, from 510 on; a thousand later for each `at`."""
        pair = MatchPair(
            MatchSide("one", 1000 * at + 100, 1000 * at + 200, 1000 * at + 180),
            MatchSide("two", 1000 * at + 500, 1000 * at + 600, 1000 * at + 510),
            MatchKind.MOTION,
            0.87,
            0.4,
            0.9,
            0.5,
            "Pan left at the same speed; both faces left of centre",
        )
        names = "Shot 12", "Two.mov, shot 3"
        return MatchItem(JudgedPair(pair, verdict, note), *names, "01:00:07:05", "00:00:20:10")

    def colour(self, side: Side, frame: int) -> str:
        """What that frame looks like."""
        shade = 80 + frame % 100
        return (QColor(shade, 20, 40) if side is Side.OUT else QColor(20, 40, shade)).name()

    def pictures(self, shapes: tuple[Shape, Shape] = (_WIDE, _WIDE)) -> AuditionPictures:
        """Of all frames of both shots."""
        cut = self.view.player.cut
        assert cut is not None
        sides: list[dict[int, QImage]] = []
        for side, shape in zip(Side, shapes, strict=True):
            frames = range(*cut.side(side).range)
            made = {frame: QImage(*shape, QImage.Format.Format_RGB32) for frame in frames}
            for frame, image in made.items():
                image.fill(QColor(self.colour(side, frame)))
            sides.append(made)
        return AuditionPictures(*sides)

    def begin(self, item: MatchItem | None = None, shapes: tuple[Shape, Shape] = (_WIDE, _WIDE)) -> MatchItem:
        """Have it play, from its first frame."""
        item = item or self.item()
        self.view.show_item(item, self.times)
        self.view.set_pictures(self.pictures(shapes))
        self.view.play()
        return item

    def beat(self, seconds: float) -> None:
        """Let that time pass, and the clock's timer run out."""
        self.clock.s += seconds
        before = self.beats
        self._qtbot.waitUntil(lambda: self.beats > before)

    def wait(self, ms: int) -> None:
        """Let timers run out, while no time passes on the clock."""
        self._qtbot.wait(ms)

    def press(self, key: Qt.Key, modifier: Qt.KeyboardModifier = _NONE) -> None:
        QTest.keyClick(self.view, key, modifier)

    @property
    def shot(self) -> QImage:
        """The picture as it is seen."""
        return self.view.stage.grab().toImage()

    @property
    def seen(self) -> str:
        """The colour in the middle of the picture."""
        return self.shot.pixelColor(self.view.stage.rect().center()).name()

    def seen_at(self, x: float, y: float = 0.5) -> str:
        """The colour at these shares of the picture's width and height."""
        image = self.shot
        return image.pixelColor(round(x * image.width()), round(y * image.height())).name()


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(audition_clock, "now_s", clock)
    return clock


@pytest.fixture
def hands(qtbot: QtBot, clock: Clock) -> Hands:
    view = AuditionView()
    qtbot.addWidget(view)
    view.resize(700, 400)
    with qtbot.waitActive(view):
        view.show()
        view.activateWindow()
    view.setFocus()
    return Hands(view, clock, qtbot)
