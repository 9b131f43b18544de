"""The window “Networks”, by mouse and keys, with a server on this machine in place of the hub."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from paper_hub import REPOSITORY, PaperHub, free_card, paper_hub, these_alone, without_proxies
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QPushButton
from pytestqt.qtbot import QtBot

from seamline.models import library, providers, registry, store
from seamline.models.card import LocalFile, ModelCard, WheelMember
from seamline.progress import Progress
from seamline_app import models_dialog
from seamline_app.models_dialog import ModelsDialog

CONTENT = bytes(range(256)) * 8000  # 2 MB
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch) -> Iterator[PaperHub]:
    monkeypatch.setattr("seamline.models.download.FURTHER_TRIES_AFTER_S", (0.01,))
    without_proxies(monkeypatch)
    with paper_hub(CONTENT) as served:
        yield served


@pytest.fixture
def cards(hub: PaperHub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[ModelCard, ...]:
    """One that comes with Seamline and is there, one on request, one on request under a restriction."""
    free = free_card(hub)
    bound = dataclasses.replace(free, id="bound", name="Bound", restriction="Only on Sundays.")
    with_app = dataclasses.replace(free, id="with", name="With Seamline")
    # nobody but the hub states what it must be
    loose = dataclasses.replace(free, id="loose", name="Loose", sha256=None)
    every = (with_app, free, bound, loose)
    these_alone(monkeypatch, tmp_path, every, with_app, models_dialog)
    file = tmp_path / "file.bin"
    file.write_bytes(CONTENT)
    store.install(with_app, store.setup_directory(), from_file=file)
    return every


@pytest.fixture
def dialog(qtbot: QtBot, cards: tuple[ModelCard, ...]) -> Iterator[ModelsDialog]:
    made = ModelsDialog()
    qtbot.addWidget(made)
    made.show()
    qtbot.waitUntil(lambda: made.table.row("free").state != "looking …")
    yield made
    made.close()
    providers.set_preferred_provider(None)


def press(qtbot: QtBot, button: QPushButton) -> None:
    assert button.isEnabled(), button.text()
    qtbot.mouseClick(button, LEFT)


def choose(qtbot: QtBot, dialog: ModelsDialog, name: str) -> None:
    """Click the network's row."""
    row = [row.id for row in dialog.table.rows].index(name)
    place = dialog.table.visualRect(dialog.table.model().index(row, 0)).center()
    qtbot.mouseClick(dialog.table.viewport(), LEFT, pos=place)
    assert dialog.table.current == name


def download_half(qtbot: QtBot, dialog: ModelsDialog, hub: PaperHub) -> None:
    """Have most of a network downloaded, and the server fall silent."""
    hub.holds_after = [800_000, 1_600_000]
    choose(qtbot, dialog, "free")
    press(qtbot, dialog.install)
    hub.wait_until_it_holds()
    qtbot.wait(250)  # news of progress come five times a second
    hub.go_on()
    hub.wait_until_it_holds()
    qtbot.waitUntil(lambda: state(dialog, "free").startswith("downloading "))


def state(dialog: ModelsDialog, name: str) -> str:
    return dialog.table.row(name).state


def button(dialog: ModelsDialog, text: str) -> QPushButton:
    return next(each for each in dialog.findChildren(QPushButton) if each.text() == text)


def test_it_shows_what_is_installed_and_asks_nobody(
    qtbot: QtBot, dialog: ModelsDialog, hub: PaperHub
) -> None:
    assert [row.state for row in dialog.table.rows] == ["installed"] + ["not installed"] * 3
    choose(qtbot, dialog, "with")
    assert not dialog.install.isEnabled()
    assert not dialog.remove.isEnabled()
    assert "came with Seamline's set-up" in dialog.remove.toolTip()
    assert dialog.verify.isEnabled()
    assert hub.asked == []


def test_install_verify_and_remove(qtbot: QtBot, dialog: ModelsDialog) -> None:
    choose(qtbot, dialog, "free")
    with qtbot.waitSignal(dialog.networks_changed):
        press(qtbot, dialog.install)
        assert state(dialog, "free") == "installing"
        assert not dialog.install.isEnabled()
        assert dialog.cancel.isEnabled()
    assert dialog.said == "Free is installed."
    assert state(dialog, "free") == "installed"
    assert dialog.table.current == "free", "the row stays chosen"
    press(qtbot, dialog.verify)
    qtbot.waitUntil(lambda: dialog.said == "Free is intact: every byte of it is as published.")
    with qtbot.waitSignal(dialog.networks_changed):
        press(qtbot, dialog.remove)
    assert dialog.said == "Free is removed; 2.0 MB are free again."
    assert state(dialog, "free") == "not installed"


def test_a_restriction_is_agreed_to_first(qtbot: QtBot, dialog: ModelsDialog, hub: PaperHub) -> None:
    choose(qtbot, dialog, "bound")
    press(qtbot, dialog.install)
    assert dialog.page.is_asking
    agree = button(dialog, "Agree and install")
    assert not agree.isEnabled()
    assert not dialog.install.isEnabled()
    qtbot.keyClick(dialog.focusWidget(), Qt.Key.Key_Escape)
    assert dialog.isVisible(), "Escape leaves the question, not the window"
    assert not dialog.page.is_asking
    press(qtbot, dialog.install)
    qtbot.keyClick(dialog.focusWidget(), Qt.Key.Key_Space)  # the tick has the focus
    assert hub.asked == []
    with qtbot.waitSignal(dialog.networks_changed):
        press(qtbot, agree)
    assert state(dialog, "bound") == "installed"
    assert not dialog.page.is_asking


def test_another_row_takes_the_question_back(qtbot: QtBot, dialog: ModelsDialog, hub: PaperHub) -> None:
    choose(qtbot, dialog, "bound")
    press(qtbot, dialog.install)
    choose(qtbot, dialog, "free")
    assert not dialog.page.is_asking
    assert dialog.install.isEnabled()
    choose(qtbot, dialog, "bound")
    press(qtbot, dialog.install)
    assert not button(dialog, "Agree and install").isEnabled(), "it is agreed to anew"


def test_progress_is_shown_and_cancelling_keeps_what_came(
    qtbot: QtBot, dialog: ModelsDialog, hub: PaperHub, tmp_path: Path
) -> None:
    download_half(qtbot, dialog, hub)
    assert 20 <= int(state(dialog, "free").split()[1].split("\u2009")[0]) < 90
    assert dialog._bar.maximum() == 1000
    assert "of 2 MB" in dialog.said
    press(qtbot, dialog.cancel)
    qtbot.waitUntil(
        lambda: dialog.said.startswith("Installing Free is stopped. What has come so far is kept")
    )
    qtbot.waitUntil(lambda: state(dialog, "free").endswith("downloaded"))
    assert not dialog.is_busy
    hub.go_on()
    with qtbot.waitSignal(dialog.networks_changed):
        press(qtbot, dialog.install)
    assert hub.ranges[-1].startswith("bytes=")


def test_an_error_is_a_sentence_at_the_bottom(qtbot: QtBot, dialog: ModelsDialog, hub: PaperHub) -> None:
    hub.statuses = [404]
    choose(qtbot, dialog, "free")
    press(qtbot, dialog.install)
    qtbot.waitUntil(lambda: "no longer where it was published" in dialog.said)
    assert "“Install from file…”" in dialog.said
    assert state(dialog, "free") == "not installed"
    assert dialog.install.isEnabled(), "it can be tried again"


def test_a_damaged_one_is_repaired(qtbot: QtBot, dialog: ModelsDialog, tmp_path: Path) -> None:
    next((tmp_path / "setup").glob("with-*.bin")).write_bytes(b"damage")
    choose(qtbot, dialog, "with")
    press(qtbot, dialog.verify)
    qtbot.waitUntil(lambda: dialog.said.startswith("With Seamline is damaged: “with-"))
    assert state(dialog, "with") == "damaged"
    assert dialog.install.text() == "Repair"
    with qtbot.waitSignal(dialog.networks_changed):
        press(qtbot, dialog.install)
    assert state(dialog, "with") == "installed"


def test_a_file_from_the_disk(
    qtbot: QtBot, dialog: ModelsDialog, hub: PaperHub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted = tmp_path / "wrong.bin"
    wanted.write_bytes(b"something else")
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(wanted), ""))
    choose(qtbot, dialog, "free")
    press(qtbot, dialog.from_file)
    qtbot.waitUntil(lambda: dialog.said.startswith("“wrong.bin” is not the file of Free"))
    wanted = tmp_path / "file.bin"
    with qtbot.waitSignal(dialog.networks_changed):
        press(qtbot, dialog.from_file)
    assert hub.asked == []


def test_closing_ends_a_download_at_once(
    qtbot: QtBot, dialog: ModelsDialog, hub: PaperHub, tmp_path: Path
) -> None:
    download_half(qtbot, dialog, hub)
    press(qtbot, dialog.close_button)
    assert not dialog.isVisible()
    assert not dialog._job.is_running
    parts = [path.stat().st_size for path in (tmp_path / "user").glob("*.part")]
    assert len(parts) == 1
    assert 0 < parts[0] < len(CONTENT)


def test_what_networks_run_on_is_chosen_by_key(qtbot: QtBot, dialog: ModelsDialog) -> None:
    assert dialog.runs_on.currentText() == "What works best"
    qtbot.waitUntil(lambda: dialog.runs_on.findData("cpu") > 0)
    dialog.runs_on.setFocus()
    with qtbot.waitSignal(dialog.provider_chosen) as chosen:
        qtbot.keyClick(dialog.runs_on, Qt.Key.Key_End)
    assert chosen.args == ["cpu"]
    assert providers.preferred_provider() == "cpu"


def test_in_a_narrow_window_the_page_says_what_the_table_leaves_out(
    qtbot: QtBot, dialog: ModelsDialog
) -> None:
    header = dialog.table.horizontalHeader()
    dialog.resize(1000, 600)
    qtbot.waitUntil(lambda: header.hiddenSectionCount() == 0)
    dialog.resize(dialog.minimumSize())
    qtbot.waitUntil(lambda: header.hiddenSectionCount() > 0)
    assert header.length() <= dialog.table.viewport().width()
    text = dialog.page._text.toPlainText()
    assert "Does this." in text
    assert f"model hub, {REPOSITORY}" in text


def test_closing_while_it_asks_closes(qtbot: QtBot, dialog: ModelsDialog) -> None:
    choose(qtbot, dialog, "bound")
    press(qtbot, dialog.install)
    assert dialog.page.is_asking
    with qtbot.waitSignal(dialog.finished):
        assert dialog.close()
    assert not dialog.isVisible()


def test_the_users_own_weights_give_way_to_the_published_ones(
    qtbot: QtBot, dialog: ModelsDialog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = tmp_path / "own.bin"
    own.write_bytes(CONTENT[::-1])
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(own), ""))
    choose(qtbot, dialog, "loose")
    assert "nobody else vouches for it" in dialog.page._text.toPlainText()
    with qtbot.waitSignal(dialog.networks_changed):
        press(qtbot, dialog.from_file)
    assert "nobody has stated what the file it came from must be" in dialog.page._text.toPlainText()
    assert dialog.install.text() == "Install published"
    with qtbot.waitSignal(dialog.networks_changed):
        press(qtbot, dialog.install)
    assert not dialog.install.isEnabled()
    assert dialog.from_file.isEnabled(), "and the other way round"
    press(qtbot, dialog.verify)
    qtbot.waitUntil(lambda: dialog.said == "Loose is intact: every byte of it is as the hub stated.")


def test_what_is_said_at_the_end_of_a_cancelled_file_is_true(
    qtbot: QtBot, dialog: ModelsDialog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def wait(card: ModelCard, *, progress: Progress, **_: object) -> Path:
        while True:
            time.sleep(0.01)
            progress.step(0, 1)

    monkeypatch.setattr(library, "install", wait)
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(tmp_path / "file.bin"), ""))
    choose(qtbot, dialog, "free")
    press(qtbot, dialog.from_file)
    press(qtbot, dialog.cancel)
    qtbot.waitUntil(lambda: dialog.said == "Installing Free is stopped. Nothing was changed.")


def test_a_provider_that_this_installation_lacks_is_named(qtbot: QtBot, dialog: ModelsDialog) -> None:
    providers.set_preferred_provider("directml")
    dialog._show_providers({"cpu": ""})
    assert dialog._works.text() == (
        "Works here: CPU. “directml” is not in this installation of ONNX Runtime."
    )


def test_a_file_of_ones_own_and_a_network_of_parts_are_a_row_each(
    qtbot: QtBot, cards: tuple[ModelCard, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = dataclasses.replace(
        cards[1], id="words", name="Words", source=WheelMember("many-words", "1.0", "words.txt")
    )
    twin = dataclasses.replace(cards[1], id="twin", name="Twin", parts=(words,))
    how = "“seamline train mine” makes one."
    mine = dataclasses.replace(cards[1], id="mine", name="Mine", sha256=None, source=LocalFile(".bin", how))
    for module in (library, registry, models_dialog):
        monkeypatch.setattr(module, "all_cards", lambda: (cards[0], twin, mine))
    dialog = ModelsDialog()
    qtbot.addWidget(dialog)
    dialog.show()
    qtbot.waitUntil(lambda: state(dialog, "mine") != "looking …")
    choose(qtbot, dialog, "twin")
    row = dialog.table.row("twin")
    assert row.source.endswith("; Python package many-words==1.0")
    assert ("With it", "Words (Python package many-words==1.0)") in row.details
    assert dialog.install.isEnabled()
    choose(qtbot, dialog, "mine")
    assert dialog.table.row("mine").source == "your own file"
    assert ("To make one", how) in dialog.table.row("mine").details
    assert not dialog.install.isEnabled(), "nobody has published it"
    file = tmp_path / "any.bin"
    file.write_bytes(b"mine")
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(file), ""))
    with qtbot.waitSignal(dialog.networks_changed):
        press(qtbot, dialog.from_file)
    assert state(dialog, "mine") == "installed"
    assert not dialog.install.isEnabled()
    assert dialog.from_file.isEnabled(), "another one may take its place"
    dialog.close()
