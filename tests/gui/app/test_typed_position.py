"""Going to a position by typing it, and how positions are said; the painted number proves the frame."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit

from seamline_widgets.position_field import PositionField

if TYPE_CHECKING:
    from tests.films import FilmShelf, FilmSpec
    from tests.gui.app.conftest import Hands

    from seamline_app.main_window import MainWindow


def _field(hands: Hands) -> PositionField:
    field = hands.window.transport.findChild(PositionField)
    assert isinstance(field, PositionField)
    return field


def _is_typed(hands: Hands) -> bool:
    """Whether a position can be typed where it is shown."""
    editor = _field(hands).findChild(QLineEdit)
    return editor is not None and editor.isVisible()


def _type(hands: Hands, text: str, *, key: Qt.Key | None = Qt.Key.Key_Return) -> None:
    """G, the text into what has the keyboard then, and Enter."""
    hands.press("G")
    editor = QApplication.focusWidget()
    assert isinstance(editor, QLineEdit)
    QTest.keyClicks(editor, text)
    if key is not None:
        QTest.keyClick(editor, key)


def _below(hands: Hands) -> str:
    labels = hands.window.transport.findChildren(QLabel)
    return next(x.text() for x in labels if x.accessibleName() == "Frame and length of the film, in and out")


class TestGoing:
    def test_to_a_timecode_and_on_and_back(self, hands: Hands, film: FilmSpec) -> None:
        hands.open(film)
        for text, frame in (
            ("10:00:02:10", 60),
            ("+25", 85),
            ("-1:00", 60),
            ("-10", 50),
            ("10.0.1.5", 30),
            ("210", 60),  # from the right, in the film's hour
            ("7f", 7),
            ("2.5s", 62),
            ("+1000", 99),
        ):
            _type(hands, text)
            hands.sees(frame)
            assert not _is_typed(hands)
        hands.press("Home")
        hands.press("Space")
        hands.wait(lambda: (hands.window.picture.frame or 0) in range(5, 60))
        _type(hands, "10:00:03:00")
        hands.sees(75)
        assert hands.window.player.speed == 0

    def test_nonsense_is_answered_in_a_sentence_and_can_be_typed_over(
        self, hands: Hands, film: FilmSpec
    ) -> None:
        hands.open(film)
        hands.press("Right", times=3)
        _type(hands, "soon")
        field = _field(hands)
        assert _is_typed(hands)
        assert field.refusal.startswith("“soon” is not a position: type a timecode such as 10:00:00:03")
        hands.sees(3)
        editor = QApplication.focusWidget()
        assert isinstance(editor, QLineEdit)
        QTest.keyClicks(editor, "11:00:00:00")
        assert field.refusal == ""
        QTest.keyClick(editor, Qt.Key.Key_Return)
        assert "is outside the film: type a position from 10:00:00:00" in field.refusal
        QTest.keyClicks(editor, "10:00:00:20")
        QTest.keyClick(editor, Qt.Key.Key_Return)
        hands.sees(20)
        assert not _is_typed(hands)

    def test_escape_leaves_all_as_it_was_and_gives_the_keys_back(self, hands: Hands, film: FilmSpec) -> None:
        hands.open(film)
        hands.window.picture.setFocus()
        hands.press("Right", times=3)
        _type(hands, "10:00:02:10", key=Qt.Key.Key_Escape)
        hands.sees(3)
        assert not _is_typed(hands)
        assert QApplication.focusWidget() is hands.window.picture
        QTest.keySequence(hands.window.windowHandle(), "Right")
        hands.sees(4)

    def test_letters_typed_are_no_shortcuts_and_a_click_lets_one_type_too(
        self, hands: Hands, film: FilmSpec
    ) -> None:
        hands.open(film)
        hands.press("G")
        for key in ("M", "I", "Space", "J", "Delete", "Left"):
            QTest.keySequence(hands.window.windowHandle(), key)
        QTest.keySequence(hands.window.windowHandle(), "Esc")
        hands.sees(0)
        assert hands.cuts == [25, 60]
        assert hands.window.player.speed == 0
        assert not hands.window.actions_by_id["go_to_in"].isEnabled()
        QTest.mouseClick(_field(hands), Qt.MouseButton.LeftButton)
        editor = QApplication.focusWidget()
        assert isinstance(editor, QLineEdit)
        QTest.keyClicks(editor, "+60")
        QTest.keyClick(editor, Qt.Key.Key_Enter)
        hands.sees(60)

    def test_nothing_without_a_film_and_not_into_another_one(
        self, hands: Hands, film: FilmSpec, long_film: FilmSpec
    ) -> None:
        hands.press("G")
        assert not _is_typed(hands)
        hands.open(film)
        _type(hands, "+60", key=None)
        hands.open(long_film)
        assert not _is_typed(hands)
        hands.sees(0)


def test_drop_frame_is_said_with_a_semicolon_and_typed_with_any_mark(hands: Hands, films: FilmShelf) -> None:
    film = films("mov_drop_frame")  # from 00:00:58;00: two numbers are skipped at the minute
    hands.open(film)
    assert hands.timecode == "00:00:58;00"
    for text, frame in (("00:01:00:02", 60), ("00:00:59;29", 59), ("+1", 60)):
        _type(hands, text)
        hands.sees(frame)
    assert hands.timecode == "00:01:00;02"
    _type(hands, "00:01:00;00")
    assert "00:01:00" in _field(hands).refusal
    hands.sees(60)


class TestTheDisplay:
    def test_shift_t_goes_round(self, hands: Hands, film: FilmSpec) -> None:
        hands.open(film)
        _type(hands, "+60")
        hands.sees(60)
        field = _field(hands)
        hands.press("Shift+T")
        assert field.text == "60"
        assert "10:00:02:10" in _below(hands)
        _type(hands, "75")
        hands.wait(lambda: hands.window.picture.frame == 75)
        assert hands.painted_number() == 75
        hands.press("Shift+T")
        assert field.text == "0:00:03.000"
        _type(hands, "1.2")
        hands.wait(lambda: hands.window.picture.frame == 30)
        assert hands.painted_number() == 30
        hands.press("Shift+T")
        hands.sees(30)

    def test_it_is_remembered(
        self, hands: Hands, film: FilmSpec, make_window: Callable[[], MainWindow]
    ) -> None:
        hands.open(film)
        hands.press("Shift+T")
        assert _field(hands).text == "0"
        hands.window.close()
        again = make_window()
        again.open_film(film.path)
        hands.wait(lambda: again.picture.frame == 0)
        field = again.transport.findChild(PositionField)
        assert isinstance(field, PositionField)
        assert field.text == "0"
