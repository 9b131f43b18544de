"""Asking what is exported and where to, with a look at it beforehand."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QFontDatabase
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QMessageBox,
    QPlainTextEdit,
    QPushButton,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from seamline.errors import SeamlineError
from seamline.exchange.destinations import DESTINATIONS, in_folder
from seamline.exchange.formats import EXPORT_FORMATS, ExportFormat, text_of
from seamline.project.types import Project
from seamline_resources import palette

Target = tuple[ExportFormat, Path]

_SHOWN_LINES = 400
_ROW_PX, _HEADING_PX, _TAB_PX = 24, 28, 16
_ID = Qt.ItemDataRole.UserRole


class ExportDialog(QDialog):
    """Destinations and formats on the left, what they take on the right, where it goes below.

    `chosen` is the id of what was selected last, to be proposed next time.
    """

    def __init__(self, project: Project, chosen: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Export")
        self.setObjectName("export_dialog")
        self.resize(940, 680)
        self._project = project
        self._offer = {d.id: (d.name, d.formats, d.how) for d in DESTINATIONS} | {
            f.id: (f.name, (f,), f.help_text) for f in EXPORT_FORMATS
        }
        self._list = QListWidget()
        self._list.setAccessibleName("What to export")
        self._list.setFixedWidth(260)
        self._add_group("For", [d.id for d in DESTINATIONS])
        self._add_group("One format", [f.id for f in EXPORT_FORMATS])
        self._title = QLabel()
        bold = self._title.font()
        bold.setBold(True)
        self._title.setFont(bold)
        self._how = QLabel()
        self._how.setWordWrap(True)
        self._pages = QTabWidget()
        self._pages.setAccessibleName("What will be written")
        self._transitions = QCheckBox("Dissolves, fades and wipes as transitions")
        self._transitions.setToolTip(
            "For a film that is put together again from its rushes. In the finished film they are in the picture "
            "already: there they are cut in their middle."
        )
        self._transitions.toggled.connect(lambda _: self._show_pages())
        self._path = QLineEdit()
        self._path.setAccessibleName("Write to")
        self._browse = QPushButton("Choose…")
        self._browse.setAutoDefault(False)
        self._browse.clicked.connect(self._choose)
        self._buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self._export = self._buttons.addButton("Export", QDialogButtonBox.ButtonRole.AcceptRole)
        self._export.setDefault(True)
        self._buttons.accepted.connect(self._accept_if_free)
        self._buttons.rejected.connect(self.reject)
        self._path.textChanged.connect(lambda text: self._export.setEnabled(bool(text.strip())))
        self._lay_out()
        self._list.currentItemChanged.connect(lambda *_: self._show())
        self._select(chosen if chosen in self._offer else DESTINATIONS[0].id)

    @property
    def chosen(self) -> str:
        """The id of the destination or format that is selected."""
        return str(self._list.currentItem().data(_ID))

    @property
    def formats(self) -> Sequence[ExportFormat]:
        """What is written."""
        return self._offer[self.chosen][1]

    @property
    def targets(self) -> list[Target]:
        """What is written, and where."""
        path = self._project.film.path.parent / _typed(self._path.text().strip())
        if len(self.formats) == 1:
            only = self.formats[0]
            if not only.is_folder and not path.suffix:
                path = path.with_name(path.name + only.suffix)
            return [(only, path)]
        return in_folder(self._project, self.formats, path)

    @property
    def transitions(self) -> bool:
        """Whether gradual seams are written as transitions where the format has them."""
        return self._transitions.isEnabled() and self._transitions.isChecked()

    def _add_group(self, name: str, ids: Sequence[str]) -> None:
        heading = QListWidgetItem(f" {name}")
        heading.setFlags(Qt.ItemFlag.NoItemFlags)
        heading.setSizeHint(QSize(0, _HEADING_PX))
        heading.setTextAlignment(Qt.AlignmentFlag.AlignBottom)
        font = heading.font()
        font.setBold(True)
        heading.setFont(font)
        heading.setForeground(QColor(palette.TEXT_QUIET))
        self._list.addItem(heading)
        for each in ids:
            item = QListWidgetItem(f"   {self._offer[each][0]}")
            item.setData(_ID, each)
            item.setSizeHint(QSize(0, _ROW_PX))
            self._list.addItem(item)

    def _lay_out(self) -> None:
        right = QVBoxLayout()
        right.setSpacing(8)
        right.addWidget(self._title)
        right.addWidget(self._how)
        right.addWidget(self._pages, 1)
        right.addWidget(self._transitions)
        above = QHBoxLayout()
        above.setSpacing(16)
        above.addWidget(self._list)
        above.addLayout(right, 1)
        place = QHBoxLayout()
        label = QLabel("Write to")
        label.setBuddy(self._path)
        place.addWidget(label)
        place.addWidget(self._path, 1)
        place.addWidget(self._browse)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 16, 16, 16)
        layout.setSpacing(12)
        layout.addLayout(above, 1)
        layout.addLayout(place)
        layout.addWidget(self._buttons)

    def _select(self, name: str) -> None:
        for row in range(self._list.count()):
            if self._list.item(row).data(_ID) == name:
                self._list.setCurrentRow(row)

    def _show(self) -> None:
        name, formats, how = self._offer[self.chosen]
        self._title.setText(name)
        self._how.setText(how if len(formats) > 1 or formats[0].write is not None else "")
        self._transitions.setEnabled(any(f.write_transitions is not None for f in formats))
        self._show_pages()
        self._pages.tabBar().setVisible(len(formats) > 1)
        proposed = formats[0].proposed_path(self._project)
        self._path.setText(str(proposed if len(formats) == 1 else proposed.parent))

    def _show_pages(self) -> None:
        current = self._pages.currentIndex()
        self._pages.clear()
        for export_format in self.formats:
            page = _page(self._project, export_format, self.transitions)
            self._pages.addTab(page, export_format.name)
        self._pages.setCurrentIndex(max(0, current))

    def _choose(self) -> None:
        current = self._path.text().strip()
        if len(self.formats) > 1 or self.formats[0].is_folder:
            path = QFileDialog.getExistingDirectory(self, "Export into the folder", current)
        else:
            # asked about when Export is pressed, whichever way the name came here
            path, _ = QFileDialog.getSaveFileName(
                self,
                "Export to",
                current,
                self.formats[0].dialog_filter,
                options=QFileDialog.Option.DontConfirmOverwrite,
            )
        if path:
            self._path.setText(path)

    def _accept_if_free(self) -> None:
        there = [path for _, path in self.targets if _is_in_the_way(path)]
        if there:
            names = ", ".join(f"“{path.name}”" for path in there)
            are, them = ("is", "it") if len(there) == 1 else ("are", "them")
            answer = QMessageBox.question(
                self,
                "Export",
                f"{names} {are} there already. Write over {them}? (Clips that are there stay as they are.)"
                if any(path.is_dir() for path in there)
                else f"{names} {are} there already. Write over {them}?",
                QMessageBox.StandardButton.Yes | QMessageBox.StandardButton.Cancel,
                QMessageBox.StandardButton.Cancel,
            )
            if answer != QMessageBox.StandardButton.Yes:
                return
        self.accept()


def _typed(text: str) -> Path:
    try:
        return Path(text).expanduser()
    except RuntimeError:  # nobody of that name
        return Path(text)


def _is_in_the_way(path: Path) -> bool:
    """Whether there is a file, or a folder with something in it; what cannot be looked at will be told of later."""
    try:
        return any(path.iterdir()) if path.is_dir() else path.exists()
    except OSError:
        return False


def _page(project: Project, export_format: ExportFormat, transitions: bool) -> QWidget:
    """The beginning of the text as it will be written, or a sentence on what cannot be shown."""
    if export_format.write is None:
        note = QLabel(
            f"{export_format.help_text}\n\nIt is made when you export: there is nothing to look at before."
        )
        note.setWordWrap(True)
        note.setAlignment(Qt.AlignmentFlag.AlignCenter)
        return note
    view = QPlainTextEdit()
    view.setReadOnly(True)
    view.setAccessibleName(export_format.name)
    view.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
    view.setTabStopDistance(_TAB_PX)
    view.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
    try:
        text = text_of(export_format, project, transitions=transitions)
    except SeamlineError as error:
        view.setPlainText(str(error))
        return view
    lines = text.splitlines()
    more = len(lines) - _SHOWN_LINES
    view.setPlainText("\n".join(lines[:_SHOWN_LINES]) + (f"\n… and {more:,} more lines" if more > 0 else ""))
    return view


def ask_for_list(parent: QWidget, project: Project, export_format: ExportFormat) -> Path | None:
    """The file for one list that the user chooses, None if they cancel. The dialog asks before overwriting."""
    proposed = export_format.proposed_path(project)
    dialog = QFileDialog(parent, "Export the cut list", str(proposed.parent), export_format.dialog_filter)
    dialog.setObjectName("export_file_dialog")
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setFileMode(QFileDialog.FileMode.AnyFile)
    dialog.setDefaultSuffix(export_format.suffix.lstrip("."))
    dialog.selectFile(proposed.name)
    if dialog.exec() != QFileDialog.DialogCode.Accepted or not dialog.selectedFiles():
        return None
    return Path(dialog.selectedFiles()[0])
