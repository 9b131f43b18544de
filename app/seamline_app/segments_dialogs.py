"""Asking where what is written of the segments goes; None where the user cancels."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QWidget

from seamline_app.jobs.segment_files_job import SEGMENT_FORMATS, SegmentFormat


def ask_for_segments_file(parent: QWidget, film_path: Path) -> Path | None:
    """Where to export to; the dialog asks before a file is overwritten."""
    dialog = QFileDialog(parent, "Export the segments")
    dialog.setObjectName("segments_dialog")
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setFileMode(QFileDialog.FileMode.AnyFile)
    dialog.setNameFilters([each.dialog_filter for each in SEGMENT_FORMATS])
    by_filter = {each.dialog_filter: each for each in SEGMENT_FORMATS}

    def use(chosen: SegmentFormat) -> None:
        dialog.setDefaultSuffix(chosen.suffix.lstrip("."))
        dialog.selectFile(chosen.proposed_path(film_path).name)

    dialog.setDirectory(str(film_path.parent))
    dialog.filterSelected.connect(lambda text: use(by_filter[text]))
    use(SEGMENT_FORMATS[0])
    if dialog.exec() != QFileDialog.DialogCode.Accepted or not dialog.selectedFiles():
        return None
    return Path(dialog.selectedFiles()[0])


def ask_for_clips_folder(parent: QWidget, film_path: Path) -> Path | None:
    """The folder that clips go to."""
    dialog = QFileDialog(parent, "Write the clips to a folder")
    dialog.setObjectName("clips_dialog")
    dialog.setFileMode(QFileDialog.FileMode.Directory)
    dialog.setOption(QFileDialog.Option.ShowDirsOnly)
    dialog.setDirectory(str(film_path.parent))
    if dialog.exec() != QFileDialog.DialogCode.Accepted or not dialog.selectedFiles():
        return None
    return Path(dialog.selectedFiles()[0])
