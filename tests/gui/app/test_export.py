"""Cut lists by the export dialog, and the film's details that stand in them."""

from __future__ import annotations

import errno
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import opentimelineio
import pycmx
import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QDialogButtonBox,
    QFileDialog,
    QLabel,
    QLineEdit,
    QListWidget,
    QMessageBox,
    QPushButton,
    QTabWidget,
)

from seamline_app.export_dialog import ExportDialog

if TYPE_CHECKING:
    from tests.films import FilmSpec
    from tests.gui.app.conftest import Hands

Answer = Callable[[Callable[[Any], None]], None]


@pytest.fixture(autouse=True)
def _dialogs_of_qt() -> Iterator[None]:
    native = Qt.ApplicationAttribute.AA_DontUseNativeDialogs
    QApplication.setAttribute(native, True)
    yield
    QApplication.setAttribute(native, False)


def _type_name(name: str) -> Callable[[QFileDialog], None]:
    """Type a file name, and save."""

    def steps(dialog: QFileDialog) -> None:
        field = dialog.findChild(QLineEdit, "fileNameEdit")
        field.setCompleter(None)  # its list comes when the disk is read, over whatever is clicked then
        _retype(field, name)
        _save(dialog)

    return steps


def _choose(what: str, path: Path, look: Callable[[ExportDialog], None] = lambda _: None) -> Any:
    """Choose what is exported by the keyboard, type where to, and export."""

    def steps(dialog: ExportDialog) -> None:
        offer = dialog.findChild(QListWidget)
        offer.setFocus()
        for _ in range(offer.count()):
            if offer.currentItem().text().strip() == what:
                break
            at = offer.currentRow()
            QTest.keyClick(offer, Qt.Key.Key_Down)
            if offer.currentRow() == at:
                QTest.keyClick(offer, Qt.Key.Key_Home)
        assert offer.currentItem().text().strip() == what
        look(dialog)
        _retype(dialog.findChild(QLineEdit), str(path))
        _press_export(dialog)

    return steps


def _press_export(dialog: ExportDialog) -> None:
    button = next(b for b in dialog.findChildren(QPushButton) if b.text().replace("&", "") == "Export")
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def _save(dialog: QFileDialog) -> None:
    QTest.mouseClick(_button(dialog, QDialogButtonBox.StandardButton.Save), Qt.MouseButton.LeftButton)


def _retype(field: QLineEdit, text: str) -> None:
    field.setFocus()
    QTest.keySequence(field, "Ctrl+A")
    QTest.keyClick(field, Qt.Key.Key_Delete)
    QTest.keyClicks(field, text)


def _then_answer(steps: Callable[[Any], None], answer_text: str, asked: list[str]) -> Callable[[Any], None]:
    """`steps`, then that button of the message box which they bring up; what it asked goes into `asked`."""

    def both(dialog: QFileDialog) -> None:
        def press() -> None:
            box = QApplication.activeModalWidget()
            assert isinstance(box, QMessageBox)
            asked.append(box.text())
            button = next(b for b in box.buttons() if b.text().replace("&", "") == answer_text)
            QTest.mouseClick(button, Qt.MouseButton.LeftButton)
            if dialog.isVisible() and answer_text in ("No", "Cancel"):
                QTimer.singleShot(0, dialog.reject)

        QTimer.singleShot(50, press)
        steps(dialog)

    return both


class TestExport:
    def test_ctrl_e_writes_an_edl_beside_the_film(
        self, hands: Hands, answer: Answer, film: FilmSpec, tmp_path: Path
    ) -> None:
        own = _copy(film, tmp_path)
        hands.window.open_film(own)
        hands.expect(film)
        hands.wait(lambda: hands.window.picture.frame == 0 and not hands.window.analysis.is_running)
        shown = []

        def accept(dialog: QFileDialog) -> None:
            shown.append((dialog.directory().absolutePath(), dialog.findChild(QLineEdit).text()))
            _save(dialog)

        answer(accept)
        hands.press("Ctrl+E")
        hands.wait(lambda: hands.message.startswith("Wrote"))
        assert shown == [(str(tmp_path), "mine.edl")]
        assert hands.message == f"Wrote {tmp_path / 'mine.edl'}."
        assert [(edit.source_in, edit.source_out) for edit in _events(tmp_path / "mine.edl")] == [
            ("10:00:00:00", "10:00:01:00"),
            ("10:00:01:00", "10:00:02:10"),
            ("10:00:02:10", "10:00:04:00"),
        ]

    def test_corrections_are_in_it(
        self, hands: Hands, answer: Answer, film: FilmSpec, tmp_path: Path
    ) -> None:
        hands.open(film)
        hands.click_timeline(80)
        hands.press("M")
        hands.press("Up")
        hands.press("Delete")
        answer(_choose("CSV table", tmp_path / "corrected.csv"))
        hands.press("Ctrl+Shift+E")
        hands.wait(lambda: hands.message.startswith("Wrote"))
        lines = (tmp_path / "corrected.csv").read_text().splitlines()
        assert lines[0].startswith("out_frame,in_frame,kind,confidence")
        assert [line.split(",")[:3] for line in lines[1:]] == [["24", "25", "cut"], ["79", "80", "cut"]]

    def test_otio(self, hands: Hands, answer: Answer, film: FilmSpec, tmp_path: Path) -> None:
        hands.open(film)
        answer(_choose("OpenTimelineIO", tmp_path / "cuts.otio"))
        hands.menu("Film", "Export as")
        hands.wait(lambda: hands.message.startswith("Wrote"))
        timeline = opentimelineio.adapters.read_from_file(str(tmp_path / "cuts.otio"))
        assert [clip.source_range.duration.value for clip in timeline.find_clips()] == [25, 35, 40]

    def test_a_destination_is_several_files_in_a_folder_and_remembered(
        self, hands: Hands, answer: Answer, film: FilmSpec, tmp_path: Path
    ) -> None:
        hands.open(film)
        shown: list[list[str]] = []

        def look(dialog: ExportDialog) -> None:
            pages = dialog.findChild(QTabWidget)
            shown.append([pages.widget(k).toPlainText().splitlines()[0] for k in range(pages.count())])

        answer(_choose("DaVinci Resolve, scene cut", tmp_path, look))
        hands.press("Ctrl+Shift+E")
        hands.wait(lambda: hands.message.startswith("Wrote"))
        assert shown[0][0].startswith("TITLE: ")
        assert len(shown[0]) == 2
        name = film.path.stem
        assert sorted(path.name for path in tmp_path.glob(f"{name}*")) == [
            f"{name}.edl",
            f"{name}.markers.edl",
        ]
        chosen = []

        def leave(dialog: ExportDialog) -> None:
            chosen.append(dialog.chosen)
            QTest.keyClick(dialog, Qt.Key.Key_Escape)

        answer(_choose("Stills", tmp_path / "stills"))
        hands.press("Ctrl+Shift+E")
        hands.wait(lambda: "stills" in hands.message)
        assert len(list((tmp_path / "stills").glob("*.png"))) == 3
        answer(leave)
        hands.press("Ctrl+Shift+E")
        assert chosen == ["stills"]

    def test_the_export_dialog_asks_before_it_writes_over(
        self, hands: Hands, answer: Answer, film: FilmSpec, tmp_path: Path
    ) -> None:
        hands.open(film)
        there = tmp_path / "cuts.csv"
        there.write_text("another's work")
        for reply, is_replaced in (("Cancel", False), ("Yes", True)):
            asked: list[str] = []
            answer(_then_answer(_choose("CSV table", there), reply, asked))
            hands.press("Ctrl+Shift+E")
            assert asked == ["“cuts.csv” is there already. Write over it?"]
            if is_replaced:
                hands.wait(lambda: hands.message.startswith("Wrote"))
            assert (there.read_text() != "another's work") == is_replaced

    def test_a_file_that_is_there_is_asked_about(
        self, hands: Hands, answer: Answer, film: FilmSpec, tmp_path: Path
    ) -> None:
        hands.open(film)
        there = tmp_path / "cuts.edl"
        there.write_text("another's work")
        for reply, is_replaced in (("No", False), ("Yes", True)):
            asked: list[str] = []
            answer(_then_answer(_type_name(str(tmp_path / "cuts")), reply, asked))
            hands.press("Ctrl+E")
            assert len(asked) == 1
            assert "cuts.edl already exists" in asked[0]
            if is_replaced:
                hands.wait(lambda: hands.message.startswith("Wrote"))
            assert (there.read_text() != "another's work") == is_replaced
            assert bool(hands.message) == is_replaced

    def test_cancelled_nothing_is_written(
        self, hands: Hands, answer: Answer, film: FilmSpec, tmp_path: Path
    ) -> None:
        hands.open(film)
        before = sorted(film.path.parent.iterdir())
        answer(lambda dialog: QTest.keyClick(dialog, Qt.Key.Key_Escape))
        hands.press("Ctrl+E")
        assert hands.message == ""
        assert sorted(film.path.parent.iterdir()) == before

    def test_a_folder_that_may_not_be_written_is_named_in_a_sentence(
        self, hands: Hands, answer: Answer, film: FilmSpec, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        hands.open(film)
        opened = Path.open

        def refuse(path: Path, mode: str = "r", *arguments: Any, **options: Any) -> Any:
            # permission bits would not keep the superuser out
            if "x" in mode:
                raise PermissionError(errno.EACCES, "Permission denied", str(path))
            return opened(path, mode, *arguments, **options)

        monkeypatch.setattr(Path, "open", refuse)
        answer(_type_name(str(tmp_path / "cuts")))
        hands.press("Ctrl+E")
        hands.wait(lambda: hands.message != "")
        assert hands.message == (
            f"“{tmp_path / 'cuts.edl'}” was not written: you may not write in that folder. "
            "Choose another folder, or ask for the permission."
        )
        assert not list(tmp_path.glob("*.edl"))

    def test_the_film_is_never_written_over(
        self, hands: Hands, answer: Answer, film: FilmSpec, tmp_path: Path
    ) -> None:
        own = _copy(film, tmp_path)
        hands.expect(film)
        hands.window.open_film(own)
        hands.wait(lambda: hands.window.picture.frame == 0 and not hands.window.analysis.is_running)
        answer(_then_answer(_choose("CMX3600 EDL", own), "Yes", []))
        hands.press("Ctrl+Shift+E")
        hands.wait(lambda: hands.message != "")
        assert hands.message == f"“{own}” is the film itself: choose another name."
        assert own.read_bytes() == film.path.read_bytes()


def _fields(dialog: Any) -> list[QLineEdit]:
    return [field for field in dialog.findChildren(QLineEdit) if field.isVisible()]


def _button(dialog: Any, which: QDialogButtonBox.StandardButton) -> Any:
    return dialog.findChild(QDialogButtonBox).button(which)


class TestFilmDetails:
    def test_what_is_typed_stands_on_the_screen_and_in_the_edl(
        self, hands: Hands, answer: Answer, film: FilmSpec, tmp_path: Path
    ) -> None:
        hands.open(film)

        def fill_in(dialog: Any) -> None:
            reel, start = _fields(dialog)
            assert reel.placeholderText() == "A001C002"
            assert start.placeholderText() == "10:00:00:00"
            _retype(reel, "TAPE7")
            _retype(start, "02:00:00:00")
            QTest.keyClick(start, Qt.Key.Key_Return)

        answer(fill_in)
        hands.menu("Film", "Film details")
        assert hands.timecode == "02:00:00:00"
        hands.press("Shift+Right")
        hands.wait(lambda: hands.timecode == "02:00:01:00")
        answer(_type_name(str(tmp_path / "cuts")))
        hands.press("Ctrl+E")
        hands.wait(lambda: hands.message.startswith("Wrote"))
        edits = _events(tmp_path / "cuts.edl")
        assert {str(edit.source.strip()) for edit in edits} == {"TAPE7"}
        assert [edit.source_in for edit in edits] == ["02:00:00:00", "02:00:01:00", "02:00:02:10"]
        assert hands.window.actions_by_id["undo"].text() == "Undo: Change film details"
        hands.press("Ctrl+Z")
        assert hands.timecode == "10:00:01:00"
        hands.press("Ctrl+Shift+Z")
        assert hands.timecode == "02:00:01:00"

    def test_a_timecode_that_cannot_be_says_why_and_stays_open(
        self, hands: Hands, answer: Answer, film: FilmSpec
    ) -> None:
        hands.open(film)
        said: dict[str, str] = {}

        def fill_in(dialog: Any) -> None:
            start = _fields(dialog)[1]
            ok = _button(dialog, QDialogButtonBox.StandardButton.Ok)
            for wrong in ("banana", "25:00:00:00", "01:00:00:25", "1:2", "00:61:00:00"):
                _retype(start, wrong)
                QTest.mouseClick(ok, Qt.MouseButton.LeftButton)
                assert dialog.isVisible(), wrong
                assert start.hasFocus(), wrong
                said[wrong] = dialog.findChild(QLabel, "error").text()
            _retype(start, "03:00:00:00")
            QTest.mouseClick(ok, Qt.MouseButton.LeftButton)

        answer(fill_in)
        hands.menu("Film", "Film details")
        assert len(said) == 5
        assert all(wrong in sentence and sentence.endswith(".") for wrong, sentence in said.items()), said
        assert hands.timecode == "03:00:00:00"

    def test_cancelled_nothing_changes(self, hands: Hands, answer: Answer, film: FilmSpec) -> None:
        hands.open(film)

        def cancel(dialog: Any) -> None:
            _retype(_fields(dialog)[1], "03:00:00:00")
            QTest.keyClick(dialog, Qt.Key.Key_Escape)

        answer(cancel)
        hands.menu("Film", "Film details")
        assert hands.timecode == "10:00:00:00"
        assert not hands.window.actions_by_id["undo"].isEnabled()

    def test_accepted_as_it_was_is_no_step(self, hands: Hands, answer: Answer, film: FilmSpec) -> None:
        hands.open(film)
        answer(lambda dialog: QTest.keyClick(dialog, Qt.Key.Key_Return))
        hands.menu("Film", "Film details")
        assert not hands.window.actions_by_id["undo"].isEnabled()


def _copy(film: FilmSpec, folder: Path) -> Path:
    own = folder / "mine.mov"
    own.write_bytes(film.path.read_bytes())
    return own


def _events(path: Path) -> list[Any]:
    """The one video edit of each event, as another program's reader understands the file."""
    with path.open() as file:
        return [event.edits[0] for event in pycmx.parse_cmx3600(file).events]
