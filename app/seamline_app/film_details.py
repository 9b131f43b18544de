"""The dialog for what cut lists say of the film: reel name and start timecode."""

from __future__ import annotations

from PySide6.QtWidgets import QDialog, QDialogButtonBox, QFormLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from seamline.errors import MediaError
from seamline.exchange.names import edl_reel
from seamline.media.timecode import count_of_label
from seamline.project.edits import SetFilmDetails
from seamline.project.types import Project


class FilmDetailsDialog(QDialog):
    """Shows what the file says and lets the editor say otherwise; an empty field goes back to the file's."""

    def __init__(self, project: Project, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Film details for cut lists")
        self._project = project
        info = project.film.info
        self._reel = QLineEdit(project.reel or "")
        self._reel.setPlaceholderText(info.reel or f"{edl_reel(project)} (from the file name)")
        self._reel.setMaxLength(64)
        counting = project.timecode_rate
        self._start = QLineEdit(
            counting.format(project.start_frame) if project.start_frame is not None else ""
        )
        self._start.setPlaceholderText(
            "00:00:00:00 (the film has no timecode)"
            if info.start_frame is None
            else counting.format(info.start_frame)
        )
        self._error = QLabel()
        self._error.setWordWrap(True)
        self._error.setObjectName("error")
        self._error.hide()
        form = QFormLayout()
        form.setVerticalSpacing(8)
        form.addRow("Reel", self._reel)
        form.addRow("Start timecode", self._start)
        form.addRow("Frame rate", QLabel(rate_text(project)))
        picture = f"{info.width} × {info.height}, {info.codec}, {info.pixel_format}"
        form.addRow("Picture", QLabel(picture))
        buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel
        )
        buttons.accepted.connect(self._accept_if_valid)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 16, 16, 16)
        layout.setSpacing(12)
        layout.addLayout(form)
        layout.addWidget(self._error)
        layout.addWidget(buttons)
        self.setMinimumWidth(440)

    def edit(self) -> SetFilmDetails:
        """What the editor entered. Raises MediaError for a timecode that cannot be."""
        reel = self._reel.text().strip() or None
        text = self._start.text().strip()
        if not text:
            return SetFilmDetails(reel, None, None)
        return SetFilmDetails(reel, *count_of_label(text, self._project.film.rate))

    @property
    def is_changed(self) -> bool:
        """Whether what the editor entered differs from what holds already."""
        project = self._project
        return self.edit() != SetFilmDetails(project.reel, project.start_frame, project.drop_frame)

    def _accept_if_valid(self) -> None:
        try:
            self.edit()
        except MediaError as error:
            self._error.setText(str(error))
            self._error.show()
            self._start.setFocus()
            return
        self.accept()


def rate_text(project: Project) -> str:
    """The film's frame rate, such as “25 frames/s”, “29.97 frames/s, drop frame”, “24 frames/s, varying”."""
    text = f"{float(project.film.rate):.3f}".rstrip("0").rstrip(".") + " frames/s"
    if project.film.index.is_variable:
        return f"{text}, varying"
    if project.film.rate.denominator == 1001 and project.timecode_rate.nominal in (30, 60):
        return f"{text}, {'drop frame' if project.timecode_rate.drop_frame else 'non-drop frame'}"
    return text
