"""Finding pictures in the window: by words, by the frame shown, by a part of it, in this film and in others."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from paper_encoder import PaperEncoder
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog

from seamline.models.clip_cards import CLIP_CARDS
from seamline_app import finding as finding_module
from seamline_app.finding import Finding
from seamline_app.jobs.film_job import FilmJob
from seamline_app.models_dialog import ModelsDialog
from seamline_widgets import search_field
from seamline_widgets.search_delegate import Button

if TYPE_CHECKING:
    from tests.films import FilmShelf, FilmSpec
    from tests.gui.app.conftest import Hands

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture(autouse=True)
def encoder(monkeypatch: pytest.MonkeyPatch) -> PaperEncoder:
    encoder = PaperEncoder()
    monkeypatch.setattr("seamline.models.encoders.ENCODERS", (encoder.choice(),))
    monkeypatch.setattr(FilmJob, "_ASKED_AFTER_MS", 1)
    monkeypatch.setattr(search_field, "_PAUSE_MS", 30)
    monkeypatch.setattr(finding_module, "_GROWN_MS", 20)
    monkeypatch.setattr(finding_module, "_CHANGED_MS", 20)
    return encoder


@pytest.fixture
def finding(hands: Hands) -> Finding:
    return hands.window.finding


def _search(hands: Hands, words: str) -> None:
    hands.press("Ctrl+Shift+F")
    field = hands.window.finding.panel.head.field
    assert field.hasFocus()
    QTest.keyClicks(field, words)
    QTest.keyClick(field, Qt.Key.Key_Return)


def _frames(finding: Finding) -> list[int]:
    return [item.frame for item in finding.panel.list.items]


def _looked(hands: Hands, finding: Finding, encoder: PaperEncoder) -> None:
    hands.wait(lambda: encoder.seen > 0 and not finding.looking.job.is_running)


def test_words_find_shots_once_the_film_was_looked_at(
    hands: Hands, finding: Finding, film: FilmSpec, encoder: PaperEncoder
) -> None:
    encoder.gate.clear()
    hands.open(film)
    _search(hands, "red")
    hands.wait(lambda: finding.looking.job.is_running)
    hands.wait(lambda: "Looking at the film" in finding.panel.notice.text)
    encoder.gate.set()
    hands.wait(lambda: len(finding.panel.list.items) == 3)
    shots = {(item.start_frame, item.end_frame) for item in finding.panel.list.items}
    assert shots == {(0, 25), (25, 60), (60, 100)}
    scores = [item.score for item in finding.panel.list.items]
    assert scores == sorted(scores, reverse=True)
    assert finding.panel.list.items[0].timecode.startswith("10:00:0")


def test_the_frame_shown_finds_its_own_shot_and_the_hits_are_stepped_through(
    hands: Hands, finding: Finding, film: FilmSpec, encoder: PaperEncoder
) -> None:
    hands.open(film)
    _looked(hands, finding, encoder)
    assert not hands.window.actions_by_id["next_hit"].isEnabled()
    hands.window.go_to(70)
    hands.sees(70)
    hands.press("Y")
    hands.wait(lambda: finding.panel.is_shown)
    assert finding.panel.list.items[0].start_frame == 60
    assert [chip.text for chip in finding.panel.head.chips.chips] == ["like 10:00:02:20"]
    peaks = finding.hits.peaks
    assert peaks
    hands.window.go_to(0)
    hands.press("F3")
    hands.sees(next(frame for frame in peaks if frame > 0))
    hands.window.go_to(0)
    hands.press("Shift+F3")
    hands.sees(peaks[-1])  # beyond the first comes the last


def test_a_click_on_a_hit_goes_there_and_enter_gives_the_keys_to_the_picture(
    hands: Hands, finding: Finding, film: FilmSpec, encoder: PaperEncoder
) -> None:
    hands.open(film)
    _looked(hands, finding, encoder)
    _search(hands, "green")
    hands.wait(lambda: finding.panel.is_shown)
    hits = finding.panel.list
    QTest.mouseClick(hits.viewport(), LEFT, pos=hits.visualRect(hits.model().index(1, 0)).center())
    hands.sees(_frames(finding)[1])
    QTest.keyClick(finding.panel.head.field, Qt.Key.Key_Down)
    QTest.keyClick(hits, Qt.Key.Key_Up)
    hits.take_keys()
    QTest.keyClick(hits, Qt.Key.Key_Return)
    assert hands.window.picture.hasFocus()


def test_less_like_this_and_its_chip_taken_away(
    hands: Hands, finding: Finding, film: FilmSpec, encoder: PaperEncoder
) -> None:
    hands.open(film)
    _looked(hands, finding, encoder)
    _search(hands, "red")
    hands.wait(lambda: len(finding.panel.list.items) == 3)
    scores = [item.score for item in finding.panel.list.items]
    hits = finding.panel.list
    QTest.mouseClick(hits.viewport(), LEFT, pos=hits.button_rect(0, Button.LESS).center())
    hands.wait(lambda: [item.score for item in hits.items] != scores)
    chips = finding.panel.head.chips
    assert [chip.is_unwanted for chip in chips.chips] == [False, True]
    QTest.mouseClick(chips.remove_button(chips.chips[1].key), LEFT)
    hands.wait(lambda: [item.score for item in hits.items] == scores)
    assert chips.chips == ()


def test_a_part_of_the_picture_is_marked_and_searched(
    hands: Hands, finding: Finding, film: FilmSpec, encoder: PaperEncoder
) -> None:
    hands.open(film)
    _looked(hands, finding, encoder)
    hands.press("Shift+Y")
    assert finding.region.is_active
    hands.press("Escape")
    assert not finding.region.is_active
    hands.press("Shift+Y")
    picture = hands.window.picture.picture_rect()
    QTest.mousePress(finding.region, LEFT, pos=picture.center() - QPoint(40, 30))
    QTest.mouseMove(finding.region, picture.center())
    QTest.mouseRelease(finding.region, LEFT, pos=picture.center() + QPoint(40, 30))
    hands.wait(lambda: finding.panel.is_shown)
    assert [chip.text for chip in finding.panel.head.chips.chips] == ["part of 10:00:00:00"]


def test_a_hit_of_another_film_opens_it_there(
    hands: Hands, finding: Finding, film: FilmSpec, films: FilmShelf, encoder: PaperEncoder
) -> None:
    hands.open(film)
    _looked(hands, finding, encoder)
    seen = encoder.seen
    other = films("mp4")
    hands.open(other)
    hands.wait(lambda: encoder.seen > seen and not finding.looking.job.is_running)
    QTest.mouseClick(finding.panel.head.all_button, LEFT)
    _search(hands, "blue")
    hands.wait(lambda: any(item.is_elsewhere for item in finding.panel.list.items))
    item = next(item for item in finding.panel.list.items if item.is_elsewhere)
    assert item.film_name == film.path.name
    assert finding.panel._summary.toolTip().endswith("of 2 films; double click opens a film")
    assert {each.film_name for each in finding.panel.list.items} == {film.path.name, other.path.name}
    hands.wait(lambda: finding.panel.list.picture(item.key) is not None)
    hands.expect(film)
    finding.panel.list.select(item.key)
    QTest.keyClick(finding.panel.list, Qt.Key.Key_Return)
    hands.wait(lambda: hands.shows(film))
    hands.sees(item.frame)


def test_a_seam_that_is_deleted_joins_its_hits(
    hands: Hands, finding: Finding, film: FilmSpec, encoder: PaperEncoder
) -> None:
    hands.open(film)
    _looked(hands, finding, encoder)
    _search(hands, "red")
    hands.wait(lambda: len(finding.panel.list.items) == 3)
    hands.window.picture.setFocus()
    hands.delete_at(25)
    hands.wait(lambda: len(finding.panel.list.items) == 2)
    assert {item.start_frame for item in finding.panel.list.items} == {0, 60}


def test_it_is_stopped_and_gone_on_with(
    hands: Hands, finding: Finding, film: FilmSpec, encoder: PaperEncoder
) -> None:
    encoder.gate.clear()
    hands.open(film)
    hands.wait(lambda: encoder.opened > 0)
    hands.press("Ctrl+Shift+F")
    hands.wait(lambda: finding.panel.doing != "")
    QTest.mouseClick(finding.panel.cancel_button, LEFT)
    hands.wait(lambda: finding.panel.doing.startswith("Looked at"))
    encoder.gate.set()
    QTest.mouseClick(finding.panel.resume_button, LEFT)
    _looked(hands, finding, encoder)
    hands.wait(lambda: finding.panel.doing == "")


def test_without_a_film_or_a_network_it_says_what_to_do(
    hands: Hands, finding: Finding, film: FilmSpec, encoder: PaperEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    hands.press("Ctrl+Shift+F")
    assert "Open a film" in finding.panel.notice.text
    hands.open(film)
    assert "press Y" in finding.panel.notice.text
    monkeypatch.setattr("seamline.models.encoders.ENCODERS", (encoder.choice(knows_words=False),))
    _search(hands, "red")
    hands.wait(lambda: "No network that knows words" in finding.panel.notice.text)
    assert finding.panel.notice.button.text() == "Networks…"


def test_a_hit_whose_film_is_gone_is_forgotten_when_the_film_is_opened_later(
    hands: Hands, finding: Finding, film: FilmSpec, films: FilmShelf, encoder: PaperEncoder, tmp_path: Path
) -> None:
    path = tmp_path / "moved.mov"
    shutil.copy(film.path, path)
    hands.open(replace(film, path=path))
    _looked(hands, finding, encoder)
    hands.open(films("mp4"))
    QTest.mouseClick(finding.panel.head.all_button, LEFT)
    _search(hands, "blue")
    hands.wait(lambda: any(item.is_elsewhere for item in finding.panel.list.items))
    item = next(item for item in finding.panel.list.items if item.is_elsewhere and item.frame > 0)
    path.rename(tmp_path / "elsewhere.mov")
    finding.panel.list.select(item.key)
    finding.panel.list.take_keys()
    QTest.keyClick(finding.panel.list, Qt.Key.Key_Return)
    hands.wait(lambda: hands.message != "")
    hands.open(replace(film, path=tmp_path / "elsewhere.mov"))
    hands.sees(0)


def test_a_file_that_is_no_picture_is_taken_away_and_the_words_are_searched(
    hands: Hands, finding: Finding, film: FilmSpec, encoder: PaperEncoder, tmp_path: Path
) -> None:
    hands.open(film)
    _looked(hands, finding, encoder)
    broken, picture = tmp_path / "broken.png", tmp_path / "red.png"
    broken.write_bytes(b"no picture")
    finding.panel.file_given.emit(broken)
    hands.wait(lambda: "broken.png" in finding.panel.notice.text)
    assert finding.panel.head.chips.chips == ()
    _search(hands, "red")
    hands.wait(lambda: finding.panel.is_shown)
    image = QImage(32, 18, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.red)
    image.save(str(picture))
    finding.panel.file_given.emit(picture)
    hands.wait(lambda: [chip.image is not None for chip in finding.panel.head.chips.chips] == [True])


def test_the_rest_of_a_search_goes_on_without_what_cannot_be_read(
    hands: Hands, finding: Finding, film: FilmSpec, encoder: PaperEncoder, tmp_path: Path
) -> None:
    hands.open(film)
    _looked(hands, finding, encoder)
    _search(hands, "red")
    hands.wait(lambda: finding.panel.is_shown)
    gone = replace(finding.panel.list.items[0], film="gone", film_name="gone.mov", is_elsewhere=True)
    finding.hits._paths["gone"] = tmp_path / "gone.mov"
    finding.panel.list.more_wanted.emit(gone)
    hands.wait(lambda: "gone.mov" in hands.message)
    hands.wait(lambda: finding.panel.is_shown and not finding.job.is_running)
    assert finding.panel.head.chips.chips == ()


def test_words_that_no_network_knows_lead_to_the_one_that_knows_most(
    hands: Hands, finding: Finding, film: FilmSpec, encoder: PaperEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    hands.open(film)
    _search(hands, "xyzzy")
    hands.wait(lambda: "Nothing is known of “xyzzy”" in finding.panel.notice.text)
    QTest.mouseClick(finding.panel.notice.button, LEFT)
    (dialog,) = hands.window.findChildren(ModelsDialog)
    assert dialog.table.current == CLIP_CARDS[0].id
    dialog.close()


def test_a_network_that_knows_no_words_cannot_be_chosen_for_them(
    hands: Hands, finding: Finding, film: FilmSpec, encoder: PaperEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = replace(encoder.choice(knows_words=False), id="plain", name="Plain")
    monkeypatch.setattr("seamline.models.encoders.ENCODERS", (plain, encoder.choice()))
    hands.open(film)
    _looked(hands, finding, encoder)

    def plain_action() -> QAction:
        return next(a for a in finding.panel.head.encoder_menu.actions() if a.text().startswith("Plain"))

    hands.press("Y")
    hands.wait(lambda: finding.panel.is_shown)
    assert plain_action().isEnabled()
    _search(hands, "red")
    hands.wait(lambda: finding.panel.head.encoder_button.text() == "Paper")
    assert (plain_action().text(), plain_action().isEnabled()) == ("Plain (knows no words)", False)


def test_a_picture_is_looked_for_beside_the_film(
    hands: Hands, finding: Finding, film: FilmSpec, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    folders: list[str] = []

    def choose(_parent: object, _title: str, folder: str, _filters: str) -> tuple[str, str]:
        folders.append(folder)
        return str(tmp_path / "one.png"), ""

    monkeypatch.setattr(QFileDialog, "getOpenFileName", choose)
    hands.open(film)
    hands.press("Ctrl+Shift+F")
    for _ in range(2):
        QTest.mouseClick(finding.panel.head.file_button, LEFT)
    assert folders == [str(film.path.parent), str(tmp_path)]
