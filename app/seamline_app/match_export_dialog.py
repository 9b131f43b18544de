"""Asking which match cuts are exported, how, and where to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QDoubleSpinBox,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QMessageBox,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from seamline.errors import ExchangeError
from seamline.exchange.string_out import USUAL_SECONDS
from seamline.exchange.string_out_choice import (
    PairOrder,
    at_one_rate,
    by_rate,
    left_out_at_other_rates,
    one_rate_name,
    rate_text,
)
from seamline.exchange.string_out_formats import STRING_OUT_FORMATS, StringOutFormat
from seamline.project.match_cuts import JudgedPair
from seamline.project.match_playing import PLAYED_S
from seamline_app.jobs.match_export_job import StringOutChoice

_LEAST_S, _MOST_S, _STEP_S = 0.1, 600.0, 0.5
_WIDTH_PX = 560


@dataclass(frozen=True, slots=True)
class StringOutHabits:
    """What is proposed: as it was chosen last. `folder`: where to; `stem`: the name of the file without its suffix."""

    folder: Path
    stem: str
    format_id: str = ""
    seconds: Fraction = USUAL_SECONDS
    order: PairOrder = PairOrder.SCORE


@dataclass(frozen=True, slots=True)
class OfferedPairs:
    """The pairs that may be exported. `selected` has the name `selected_name`; `rates`: of the films that are known, by
    fingerprint."""

    kept: Sequence[JudgedPair]
    rates: Mapping[str, Fraction]
    selected: JudgedPair | None = None
    selected_name: str = ""


class MatchExportDialog(QDialog):
    """What goes, how long, in which order and format, and where to; says what a format of one frame rate leaves out."""

    def __init__(self, offered: OfferedPairs, habits: StringOutHabits, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Export match cuts")
        self.setObjectName("match_export_dialog")
        self.setMinimumWidth(_WIDTH_PX)
        self._offered = offered
        self._folder = habits.folder
        self.pairs_box, self.order_box, self.format_box, self.rate_box = (QComboBox() for _ in range(4))
        self.seconds_field = QDoubleSpinBox()
        self.path_field = QLineEdit(str(habits.folder / habits.stem))
        self.note = QLabel()
        self._form = QFormLayout()
        self._fill(habits)
        self._lay_out()
        self.format_box.currentIndexChanged.connect(lambda _: self._use_format())
        self.pairs_box.currentIndexChanged.connect(lambda _: self._show_rates())
        self.rate_box.currentIndexChanged.connect(lambda _: self._show_note())
        self.path_field.textEdited.connect(lambda _: self._follow_name())
        self.path_field.textChanged.connect(lambda _: self._show_note())
        self._use_format()

    @property
    def choice(self) -> StringOutChoice:
        """As the fields are."""
        return StringOutChoice(
            self._pairs,
            self._format,
            self._path,
            Fraction(str(round(self.seconds_field.value(), 1))),
            PairOrder(self.order_box.currentData()),
            self._rate,
        )

    # -- what is offered

    def _fill(self, habits: StringOutHabits) -> None:
        kept = len(self._offered.kept)
        self.pairs_box.addItem("The one that you keep" if kept == 1 else f"All {kept:,} that you keep")
        if self._offered.selected is not None:
            self.pairs_box.addItem(f"The selected one: {self._offered.selected_name}")
        for order, name in ((PairOrder.SCORE, "Best first"), (PairOrder.FILM, "As they lie in the film")):
            self.order_box.addItem(name, str(order))
        self.order_box.setCurrentIndex(self.order_box.findData(str(habits.order)))
        for each in STRING_OUT_FORMATS:
            self.format_box.addItem(f"{each.name} ({each.suffix})")
        ids = [each.id for each in STRING_OUT_FORMATS]
        self.format_box.setCurrentIndex(ids.index(habits.format_id) if habits.format_id in ids else 0)
        self.seconds_field.setDecimals(1)
        self.seconds_field.setRange(_LEAST_S, _MOST_S)
        self.seconds_field.setSingleStep(_STEP_S)
        self.seconds_field.setSuffix(" s at the cut")
        self.seconds_field.setValue(float(habits.seconds))
        self.seconds_field.setToolTip(
            f"Up to the cut, and from it on; the audition plays {PLAYED_S} s of either shot. The clips name the whole "
            "film, so all the rest is there as a handle."
        )

    def _lay_out(self) -> None:
        browse = QPushButton("Choose…")
        browse.setAutoDefault(False)
        browse.clicked.connect(self._browse)
        place = QHBoxLayout()
        place.addWidget(self.path_field, 1)
        place.addWidget(browse)
        self._form.setVerticalSpacing(8)
        for name, field in (
            ("Pairs", self.pairs_box),
            ("Order", self.order_box),
            ("Of each shot", self.seconds_field),
            ("Format", self.format_box),
            ("Frame rate", self.rate_box),
        ):
            field.setAccessibleName(name)
            self._form.addRow(name, field)
        self.path_field.setAccessibleName("Write to")
        self._form.addRow("Write to", place)
        self.note.setWordWrap(True)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self._export = buttons.addButton("Export", QDialogButtonBox.ButtonRole.AcceptRole)
        self._export.setDefault(True)
        buttons.accepted.connect(self._accept_if_free)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 16, 16, 16)
        layout.setSpacing(12)
        layout.addLayout(self._form)
        layout.addWidget(self.note)
        layout.addStretch(1)
        layout.addWidget(buttons)

    # -- what is chosen

    @property
    def _pairs(self) -> Sequence[JudgedPair]:
        selected = self._offered.selected
        return self._offered.kept if not self.pairs_box.currentIndex() or selected is None else (selected,)

    @property
    def _format(self) -> StringOutFormat:
        return STRING_OUT_FORMATS[self.format_box.currentIndex()]

    @property
    def _path(self) -> Path:
        path = self._folder / _typed(self.path_field.text().strip())
        if path.suffix.lower() == self._format.suffix:
            return path
        return path.with_name(path.name + self._format.suffix) if path.name else path

    @property
    def _rate(self) -> Fraction | None:
        rate = self.rate_box.currentData()
        return Fraction(rate) if rate is not None else None

    @property
    def _known(self) -> Sequence[JudgedPair]:
        """Those of the pairs whose films' rates are known; of the others it is found out when they are written."""
        rates = self._offered.rates
        return [judged for judged in self._pairs if set(judged.pair.fingerprints) <= set(rates)]

    def _use_format(self) -> None:
        text = self.path_field.text().strip()
        path = Path(text)
        stem = path.with_suffix("") if _format_of(path) is not None else path
        if text:
            self.path_field.setText(f"{stem}{self._format.suffix}")
        self._show_rates()

    def _follow_name(self) -> None:
        """A name that is typed says which format is meant."""
        named = _format_of(Path(self.path_field.text().strip()))
        if named is not None and named != self._format:
            self.format_box.blockSignals(True)
            self.format_box.setCurrentIndex(STRING_OUT_FORMATS.index(named))
            self.format_box.blockSignals(False)
            self._show_rates()

    def _show_rates(self) -> None:
        """Which rates there are to choose from: none where all pairs go."""
        before = self.rate_box.currentData()
        rates = {self._offered.rates[name] for judged in self._known for name in judged.pair.fingerprints}
        has_choice = one_rate_name(self._format.id) is not None and len(rates) > 1
        counts = by_rate(self._known, self._offered.rates) if has_choice else {}
        self.rate_box.blockSignals(True)
        self.rate_box.clear()
        for rate, pairs in counts.items():
            said = "the 1 pair" if len(pairs) == 1 else f"the {len(pairs):,} pairs"
            self.rate_box.addItem(f"Only {said} at {rate_text(rate)} fps", str(rate))
        self.rate_box.setCurrentIndex(max(0, self.rate_box.findData(before)))
        self.rate_box.blockSignals(False)
        self._form.setRowVisible(self.rate_box, bool(counts))
        self._show_note()

    def _show_note(self) -> None:
        known, rates = self._known, self._offered.rates
        try:
            going = at_one_rate(known, rates, self._format.id, self._rate)
        except ExchangeError as error:
            self.note.setText(str(error))
            self._export.setEnabled(False)
            return
        left_out = left_out_at_other_rates(len(known) - len(going), self._format.id)
        self.note.setText(f"{left_out[0].upper()}{left_out[1:]}." if left_out else "")
        self._export.setEnabled(bool(self.path_field.text().strip()))

    def _browse(self) -> None:
        path, _ = QFileDialog.getSaveFileName(
            self,
            "Export to",
            str(self._path),
            f"{self._format.name} (*{self._format.suffix})",
            # asked about when Export is pressed, whichever way the name came here
            options=QFileDialog.Option.DontConfirmOverwrite,
        )
        if path:
            self.path_field.setText(path)
            self._follow_name()

    def _accept_if_free(self) -> None:
        if self._path.exists():
            answer = QMessageBox.question(
                self,
                "Export match cuts",
                f"“{self._path.name}” is there already. Write over it?",
                QMessageBox.StandardButton.Yes | QMessageBox.StandardButton.Cancel,
                QMessageBox.StandardButton.Cancel,
            )
            if answer != QMessageBox.StandardButton.Yes:
                return
        self.accept()


def ask_for_string_out(
    parent: QWidget, offered: OfferedPairs, habits: StringOutHabits
) -> StringOutChoice | None:
    """What is written where, None if the user cancels. The dialog asks before overwriting."""
    dialog = MatchExportDialog(offered, habits, parent)
    try:
        return dialog.choice if dialog.exec() == QDialog.DialogCode.Accepted else None
    finally:
        dialog.deleteLater()


def _typed(text: str) -> Path:
    try:
        return Path(text).expanduser()
    except RuntimeError:  # nobody of that name
        return Path(text)


def _format_of(path: Path) -> StringOutFormat | None:
    return next((each for each in STRING_OUT_FORMATS if each.suffix == path.suffix.lower()), None)
