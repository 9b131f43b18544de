"""Asking where a cut list goes, and in which format."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QWidget

from seamline.exchange.formats import EXPORT_FORMATS, ExportFormat
from seamline.project.types import Project


def ask_for_target(
    parent: QWidget, project: Project, only: str | None = None
) -> tuple[Path, ExportFormat] | None:
    """The file (and format, unless `only` names one) that the user chooses; None if they cancel.

    The dialog asks before a file is overwritten.
    """
    formats = [f for f in EXPORT_FORMATS if only in (None, f.id)]
    dialog = QFileDialog(parent, "Export the cut list")
    dialog.setObjectName("export_dialog")
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setFileMode(QFileDialog.FileMode.AnyFile)
    dialog.setNameFilters([f.dialog_filter for f in formats])
    by_filter = {f.dialog_filter: f for f in formats}

    def use_suffix(name_filter: str) -> None:
        # set before the user accepts, so that the dialog asks about the name that will be written
        dialog.setDefaultSuffix(by_filter[name_filter].suffix.lstrip("."))

    dialog.filterSelected.connect(use_suffix)
    use_suffix(formats[0].dialog_filter)
    proposed = formats[0].proposed_path(project)
    dialog.setDirectory(str(proposed.parent))
    dialog.selectFile(proposed.name if only else proposed.stem)
    if dialog.exec() != QFileDialog.DialogCode.Accepted or not dialog.selectedFiles():
        return None
    path = Path(dialog.selectedFiles()[0])
    return path, _format_of(path, by_filter[dialog.selectedNameFilter()])


def _format_of(path: Path, selected: ExportFormat) -> ExportFormat:
    """The format that the name's ending says, else the one selected in the dialog."""
    return next((f for f in EXPORT_FORMATS if f.suffix == path.suffix.lower()), selected)
