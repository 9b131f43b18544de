"""Exporting match cuts: what the dialog offers and says, and what is written of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from audition_hands import press, show_list
from paper_match import PaperEngine, put_match_engine
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialogButtonBox, QMessageBox

from seamline.exchange.string_out_choice import PairOrder
from seamline.exchange.string_out_formats import string_out_format
from seamline.media.open_film import open_film
from seamline.project.match_cuts import JudgedPair, MatchKind, MatchPair, MatchSide, Verdict
from seamline.project.match_edits import judge_match
from seamline_app import matching
from seamline_app.match_export_dialog import MatchExportDialog, OfferedPairs, StringOutHabits

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot
    from tests.films import FilmShelf, FilmSpec
    from tests.gui.app.conftest import Hands

LEFT = Qt.MouseButton.LeftButton
FILM, OTHER, FAST = "a" * 16, "b" * 16, "c" * 16
RATES = {FILM: Fraction(24), OTHER: Fraction(24000, 1001), FAST: Fraction(30)}


def pair(out: str, into: str, at: int = 10, score: float = 0.5) -> JudgedPair:
    sides = MatchSide(out, 0, at + 1, at), MatchSide(into, 0, 500, 0)
    return JudgedPair(MatchPair(*sides, MatchKind.FRAME, score, score, 0.1, 0.5, "Paper"), Verdict.KEPT)


Ask = Callable[..., MatchExportDialog]


@pytest.fixture
def ask(qtbot: QtBot, tmp_path: Path) -> Ask:
    def asked(
        kept: Sequence[JudgedPair], *, format_id: str = "", selected: JudgedPair | None = None
    ) -> MatchExportDialog:
        offered = OfferedPairs(kept, RATES, selected, "Shot 1 → Shot 3" if selected else "")
        dialog = MatchExportDialog(offered, StringOutHabits(tmp_path, "film match cuts", format_id))
        qtbot.addWidget(dialog)
        dialog.show()
        return dialog

    return asked


def can_export(dialog: MatchExportDialog) -> bool:
    buttons = dialog.findChild(QDialogButtonBox)
    assert buttons is not None
    (export,) = (button for button in buttons.buttons() if button.text() == "Export")
    return export.isEnabled()


def test_all_that_is_kept_goes_as_it_went_last_time(ask: Ask, tmp_path: Path) -> None:
    kept = [pair(FILM, FILM), pair(FILM, FILM, 20)]
    dialog = ask(kept, format_id="otio")
    chosen = dialog.choice
    assert dialog.pairs_box.itemText(0) == "All 2 that you keep"
    assert (list(chosen.pairs), chosen.string_format.id, chosen.order) == (kept, "otio", PairOrder.SCORE)
    assert (chosen.path, chosen.seconds) == (tmp_path / "film match cuts.otio", Fraction(2))
    assert chosen.rate is None
    assert not dialog.rate_box.isVisible()
    assert not dialog.note.text()


def test_the_selected_one_its_length_and_the_order(ask: Ask) -> None:
    one, other = pair(FILM, FILM), pair(FILM, FILM, 20)
    dialog = ask([one], selected=other)
    assert dialog.pairs_box.itemText(0) == "The one that you keep"
    assert dialog.pairs_box.itemText(1) == "The selected one: Shot 1 → Shot 3"
    dialog.pairs_box.setCurrentIndex(1)
    dialog.order_box.setCurrentIndex(1)
    dialog.seconds_field.setFocus()
    dialog.seconds_field.selectAll()
    QTest.keyClicks(dialog.seconds_field, "1.5")
    chosen = dialog.choice
    assert (chosen.pairs, chosen.seconds, chosen.order) == ((other,), Fraction(3, 2), PairOrder.FILM)
    assert "the audition plays 1 s" in dialog.seconds_field.toolTip()
    assert "handle" in dialog.seconds_field.toolTip()


def test_one_pair_at_another_rate_is_a_choice_and_no_obstacle(ask: Ask) -> None:
    slow = [pair(FILM, FILM), pair(FILM, FILM, 20)]
    quick = pair(FAST, FAST)
    dialog = ask([quick, *slow, pair(FILM, FAST)], format_id="edl")
    assert dialog.rate_box.isVisible()
    names = [dialog.rate_box.itemText(at) for at in range(dialog.rate_box.count())]
    assert names == ["Only the 2 pairs at 24 fps", "Only the 1 pair at 30 fps"]
    assert dialog.choice.rate == 24
    assert dialog.note.text() == (
        "Without 2 pairs at another frame rate (an EDL holds one rate; FCPXML and OpenTimelineIO take all)."
    )
    dialog.rate_box.setCurrentIndex(1)
    assert dialog.choice.rate == 30
    assert dialog.note.text().startswith("Without 3 pairs")
    dialog.format_box.setCurrentIndex(2)
    assert dialog.choice.string_format.id == "fcpxml"
    assert not dialog.rate_box.isVisible()
    assert not dialog.note.text()
    assert dialog.choice.rate is None


def test_where_no_pair_can_go_the_format_that_takes_it_is_named(ask: Ask) -> None:
    dialog = ask([pair(OTHER, FAST)], format_id="xmeml")
    assert "these run at 23.976 and 30: export OpenTimelineIO (.otio) or FCPXML" in dialog.note.text()
    assert not can_export(dialog)
    dialog.format_box.setCurrentIndex(3)
    assert not dialog.note.text()
    assert can_export(dialog)
    assert not ask([pair("d" * 16, FAST)], format_id="xmeml").note.text()  # nobody knows yet


def test_the_name_follows_the_format_and_the_format_the_name(ask: Ask, tmp_path: Path) -> None:
    dialog = ask([pair(FILM, FILM)])
    assert dialog.choice.path.name == "film match cuts.edl"
    dialog.format_box.setCurrentIndex(2)
    assert dialog.choice.path.name == "film match cuts.fcpxml"
    dialog.path_field.setFocus()
    dialog.path_field.selectAll()
    QTest.keyClicks(dialog.path_field, str(tmp_path / "v1.2.xml"))
    assert dialog.choice.string_format == string_out_format("xmeml")
    assert dialog.choice.path == tmp_path / "v1.2.xml"
    dialog.path_field.selectAll()
    QTest.keyClicks(dialog.path_field, "v1.2")
    assert dialog.choice.path == tmp_path / "v1.2.xml"
    dialog.path_field.selectAll()
    QTest.keyClick(dialog.path_field, Qt.Key.Key_Delete)
    assert not can_export(dialog)


def test_nothing_is_written_over_unasked(ask: Ask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "film match cuts.edl").write_text("mine")
    asked: list[str] = []
    answers = [QMessageBox.StandardButton.Cancel, QMessageBox.StandardButton.Yes]

    def question(_parent: object, _title: str, text: str, *_: object) -> QMessageBox.StandardButton:
        asked.append(text)
        return answers.pop(0)

    monkeypatch.setattr(QMessageBox, "question", question)
    dialog = ask([pair(FILM, FILM)])
    QTest.keyClick(dialog.path_field, Qt.Key.Key_Return)
    assert dialog.isVisible()
    QTest.keyClick(dialog.path_field, Qt.Key.Key_Return)
    assert dialog.result() == 1
    assert asked == ["“film match cuts.edl” is there already. Write over it?"] * 2


# -- in the window


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch) -> PaperEngine:
    return put_match_engine(monkeypatch.setattr)


@pytest.fixture(scope="module")
def film(films: FilmShelf) -> FilmSpec:
    """Five seconds with cuts at 30, 60 and 90."""
    return films.make_film(films.folder / "exported.mp4", frames=125, cuts=(30, 60, 90))


def kept(hands: Hands, film: FilmSpec) -> Any:
    """The film open, the first and the last of its pairs kept."""
    hands.open(film)
    hands.press("Ctrl+Shift+M")
    panel = hands.window.matching.panel
    QTest.mouseClick(panel.head.find_button, LEFT)
    hands.wait(lambda: bool(panel.list.items) and not hands.window.matching.seeking.job.is_finding)
    panel.take_keys()
    for key in (Qt.Key.Key_End, Qt.Key.Key_Home):
        QTest.keyClick(panel.list, key)
        QTest.keyClick(panel.list, Qt.Key.Key_K)
    assert hands.window.document is not None
    assert len(hands.window.document.project.matches.kept) == 2
    return panel


def type_path(dialog: MatchExportDialog, path: Path) -> None:
    dialog.path_field.setFocus()
    dialog.path_field.selectAll()
    QTest.keyClicks(dialog.path_field, str(path))


def test_what_is_kept_is_exported_as_was_chosen_and_that_is_remembered(
    hands: Hands,
    film: FilmSpec,
    engine: PaperEngine,
    tmp_path: Path,
    answer: Callable[[Callable[[Any], None]], None],
) -> None:
    hands.open(film)
    hands.menu("Film", "Export the match cuts")
    assert hands.message == matching.NOTHING_KEPT
    panel = kept(hands, film)

    def choose(dialog: MatchExportDialog) -> None:
        assert dialog.choice.path.name == "exported match cuts.edl"
        assert panel.current is not None
        assert dialog.pairs_box.itemText(1) == f"The selected one: {panel.current.title}"
        dialog.seconds_field.setValue(0.5)
        dialog.order_box.setCurrentIndex(1)
        type_path(dialog, tmp_path / "kept.otio")
        QTest.keyClick(dialog.path_field, Qt.Key.Key_Return)

    answer(choose)
    QTest.mouseClick(panel.export_button, LEFT)
    hands.wait(lambda: hands.message.startswith("Wrote 2 pairs to"))
    written = (tmp_path / "kept.otio").read_text()
    assert "Match 2 out" in written
    assert '"value": 12.0' in written  # half a second of 25 frames

    def look(dialog: MatchExportDialog) -> None:
        chosen = dialog.choice
        assert (chosen.path.parent, chosen.string_format.id) == (tmp_path, "otio")
        assert (chosen.seconds, chosen.order) == (Fraction(1, 2), PairOrder.FILM)
        dialog.pairs_box.setCurrentIndex(1)
        type_path(dialog, tmp_path / "one.edl")
        QTest.keyClick(dialog.path_field, Qt.Key.Key_Return)

    answer(look)
    hands.menu("Film", "Export the match cuts")
    hands.wait(lambda: hands.message == f"Wrote 1 pair to {tmp_path / 'one.edl'}.")
    assert (tmp_path / "one.edl").read_text("ascii").count("* FROM CLIP NAME") == 2


def test_a_kept_pair_at_another_rate_is_left_out_and_counted(
    hands: Hands,
    film: FilmSpec,
    engine: PaperEngine,
    films: FilmShelf,
    tmp_path: Path,
    answer: Callable[[Callable[[Any], None]], None],
) -> None:
    panel = kept(hands, film)
    document = hands.window.document
    assert document is not None
    fast = films("mov_drop_frame").path
    strange = open_film(fast)
    assert strange.rate != document.film.rate
    own = MatchSide(document.film.fingerprint, 0, 30, 29)
    across = MatchPair(
        own, MatchSide(strange.fingerprint, 0, 9, 0), MatchKind.FRAME, 0.9, 0.9, 0.1, 0.5, "Paper"
    )
    said = JudgedPair(across, Verdict.KEPT)
    document.do(judge_match(document.project, said, "Keep match cut", {strange.fingerprint: fast}))

    def choose(dialog: MatchExportDialog) -> None:
        type_path(dialog, tmp_path / "kept.edl")
        QTest.keyClick(dialog.path_field, Qt.Key.Key_Return)

    answer(choose)
    QTest.mouseClick(panel.export_button, LEFT)
    hands.wait(lambda: not hands.window.matching.exports.job.is_running and hands.message.startswith("Wrote"))
    assert hands.message == (
        f"Wrote 2 pairs to {tmp_path / 'kept.edl'}, without 1 pair at another frame rate (an EDL holds one rate; "
        "FCPXML and OpenTimelineIO take all)."
    )
    assert (tmp_path / "kept.edl").read_text("ascii").count("* FROM CLIP NAME") == 4


def test_what_was_slid_just_now_goes_and_the_pair_that_plays_is_the_selected_one(
    hands: Hands, film: FilmSpec, engine: PaperEngine, answer: Callable[[Callable[[Any], None]], None]
) -> None:
    panel = kept(hands, film)
    show_list(hands, "kept")
    panel.take_keys()
    QTest.keyClick(panel.list, Qt.Key.Key_Home)
    press(hands, "Return")
    auditioning = hands.window.matching.auditioning
    auditioning._settling.setInterval(60_000)
    before = auditioning.item.pair.frames
    press(hands, "Shift+J")
    slid = auditioning.view.cut_frames
    assert slid != before
    seen: list[Any] = []

    def look(dialog: MatchExportDialog) -> None:
        seen.append([judged.pair.frames for judged in dialog.choice.pairs])
        seen.append([dialog.pairs_box.itemText(at) for at in range(1, dialog.pairs_box.count())])
        dialog.reject()

    answer(look)
    QTest.mouseClick(panel.export_button, LEFT)
    frames, names = seen
    assert slid in frames
    assert before not in frames
    assert names == [f"The selected one: {auditioning.item.title}"]
    # played on from a list that it is not in, where no pair is selected
    show_list(hands, "open")
    hands.wait(lambda: panel.selected is None)
    assert panel.current is not None
    answer(look)
    QTest.mouseClick(panel.export_button, LEFT)
    assert seen[-1] == [f"The selected one: {auditioning.item.title}"]
    # and left: none is
    auditioning.end()
    answer(look)
    QTest.mouseClick(panel.export_button, LEFT)
    assert seen[-1] == []
    hands.wait(lambda: not hands.window.findChildren(MatchExportDialog))
