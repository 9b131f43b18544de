"""Which shots were taken together: scenes, set-ups and footage that is shown again."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPoint, Signal
from PySide6.QtGui import QFocusEvent, QImage, QShowEvent
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from seamline.project.types import Project
from seamline_widgets.fitting_label import FittingLabel
from seamline_widgets.footage_cells import FootageScene, summaries_of
from seamline_widgets.footage_view import FootageView
from seamline_widgets.notice import Notice

EMPTY_HINT = "Shots that were taken together appear here: the A B A B of a dialogue, a place that comes back."


class FootagePanel(QWidget):
    """Shows what it is given; signals as `FootageView` has them. `retry_wanted`: the notice's button was pressed."""

    frame_wanted = Signal(int)
    shots_wanted = Signal(tuple)
    picture_wanted = Signal(int)
    retry_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.view = FootageView()
        self.notice = Notice()
        self.notice.pressed.connect(self.retry_wanted)
        self.summary = FittingLabel()
        self.summary.setContentsMargins(12, 8, 12, 8)
        self.view.frame_wanted.connect(self.frame_wanted)
        self.view.shots_wanted.connect(self.shots_wanted)
        self.view.picture_wanted.connect(self.picture_wanted)
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.summary)
        column.addWidget(self.view, 1)
        self._waiting: tuple[Project | None, Sequence[FootageScene]] | None = None
        self._stack = QStackedWidget()
        self._stack.addWidget(self.notice)
        self._stack.addWidget(page)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._stack)
        self._page = page
        self.say(EMPTY_HINT)
        self.setAccessibleName("Footage")

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.view.setFocus(event.reason())

    def set_scenes(self, project: Project | None, scenes: Sequence[FootageScene]) -> None:
        """Show the shots of `project` like that; where there are none, what was said last stays."""
        self._waiting = project, scenes
        if self.isVisible():
            self._show()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._show()

    def _show(self) -> None:
        """Thousands of shots are laid out when somebody looks."""
        if self._waiting is None:
            return
        (project, scenes), self._waiting = self._waiting, None
        self.view.set_scenes(project, scenes)
        if project is not None and scenes:
            texts = summaries_of(project, scenes)
            self.summary.set_texts(texts)
            self.summary.setToolTip(texts[0])
            self._stack.setCurrentWidget(self._page)
        elif self._stack.currentWidget() is self._page:
            self.say(EMPTY_HINT)

    def open_menu(self, start_frame: int, global_position: QPoint) -> None:
        """Open the menu of the shot that begins there, if it is among them."""
        self._show()
        self.view.open_menu(start_frame, global_position)

    def say(self, text: str, *, button: str = "", is_working: bool = False) -> None:
        """Show a sentence instead of shots."""
        self.notice.say(text, button=button, is_working=is_working)
        self._stack.setCurrentWidget(self.notice)

    def set_picture(self, frame: int, image: QImage) -> None:
        self.view.set_picture(frame, image)

    def set_playhead(self, frame: int, *, follow: bool = False) -> None:
        self.view.set_playhead(frame, follow=follow)
