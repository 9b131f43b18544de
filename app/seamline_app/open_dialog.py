"""Asking for a film or a project, by dialog or by drag and drop."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QMimeData
from PySide6.QtWidgets import QFileDialog, QWidget

from seamline.exchange.lists import SUFFIXES
from seamline.project.locating import SUFFIX

_FILMS = (
    "*.mp4 *.mov *.m4v *.mkv *.webm *.mxf *.avi *.ts *.m2ts *.mts *.mpg *.mpeg *.wmv *.flv *.ogv *.3gp *.vob"
)
_PROJECTS = f"Seamline projects (*{SUFFIX})"
_STILLS = "PNG (*.png);;TIFF (*.tif *.tiff);;JPEG (*.jpg *.jpeg)"


def ask_for_film(parent: QWidget, folder: Path) -> Path | None:
    """The film or project that the user chooses, None if they cancel."""
    filters = f"Films and projects ({_FILMS} *{SUFFIX});;{_PROJECTS};;All files (*)"
    name, _ = QFileDialog.getOpenFileName(parent, "Open a film", str(folder), filters)
    return Path(name) if name else None


def ask_for_moved_film(parent: QWidget, folder: Path, film_name: str) -> Path | None:
    """Where the film of that name is now, None if the user cancels."""
    title = f"Where is “{film_name}”?" if film_name else "Which film is it about?"
    name, _ = QFileDialog.getOpenFileName(parent, title, str(folder), f"Films ({_FILMS});;All files (*)")
    return Path(name) if name else None


def ask_for_cut_list(parent: QWidget, title: str, folder: Path) -> Path | None:
    """The cut list that the user chooses, None if they cancel."""
    filters = f"Cut lists ({' '.join(f'*{suffix}' for suffix in SUFFIXES)});;All files (*)"
    name, _ = QFileDialog.getOpenFileName(parent, title, str(folder), filters)
    return Path(name) if name else None


def ask_for_project_target(parent: QWidget, beside: Path) -> Path | None:
    """The project file that the user wants to write, None if they cancel; proposed is one beside that file.

    The dialog asks before a file is overwritten.
    """
    dialog = QFileDialog(parent, "Save the project as")
    dialog.setObjectName("save_project_dialog")
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setFileMode(QFileDialog.FileMode.AnyFile)
    dialog.setNameFilters([_PROJECTS])
    # set before the user accepts, so that the dialog asks about the name that will be written
    dialog.setDefaultSuffix(SUFFIX.lstrip("."))
    dialog.setDirectory(str(beside.parent))
    dialog.selectFile(beside.with_suffix(SUFFIX).name)
    if dialog.exec() != QFileDialog.DialogCode.Accepted or not dialog.selectedFiles():
        return None
    path = Path(dialog.selectedFiles()[0])
    return path if path.suffix.lower() == SUFFIX else path.with_name(path.name + SUFFIX)


def dropped_film(data: QMimeData) -> Path | None:
    """The first local file of what is dragged, None if there is none."""
    return next((Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()), None)


def ask_for_still(parent: QWidget, proposed: Path) -> Path | None:
    """The picture file that the user wants to write, None if they cancel. The dialog asks before overwriting."""
    dialog = QFileDialog(parent, "Save the frame as a still", str(proposed.parent), _STILLS)
    dialog.setObjectName("save_still_dialog")
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setFileMode(QFileDialog.FileMode.AnyFile)
    dialog.setDefaultSuffix("png")
    dialog.selectFile(proposed.name)
    if dialog.exec() != QFileDialog.DialogCode.Accepted or not dialog.selectedFiles():
        return None
    return Path(dialog.selectedFiles()[0])


def ask_for_other_film(parent: QWidget, folder: Path) -> Path | None:
    """The film or project that match cuts are found with, None if the user cancels."""
    filters = f"Films and projects ({_FILMS} *{SUFFIX});;All files (*)"
    name, _ = QFileDialog.getOpenFileName(parent, "Find match cuts with another film", str(folder), filters)
    return Path(name) if name else None
