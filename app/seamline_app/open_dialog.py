"""Asking for a film, by dialog or by drag and drop."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QMimeData
from PySide6.QtWidgets import QFileDialog, QWidget

_FILMS = (
    "*.mp4 *.mov *.m4v *.mkv *.webm *.mxf *.avi *.ts *.m2ts *.mts *.mpg *.mpeg *.wmv *.flv *.ogv *.3gp *.vob"
)


def ask_for_film(parent: QWidget, folder: Path) -> Path | None:
    """The film that the user chooses, None if they cancel."""
    name, _ = QFileDialog.getOpenFileName(
        parent, "Open a film", str(folder), f"Films ({_FILMS});;All files (*)"
    )
    return Path(name) if name else None


def dropped_film(data: QMimeData) -> Path | None:
    """The first local file of what is dragged, None if there is none."""
    return next((Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()), None)
