"""Everything by the keyboard: the keys of the actions, going between the parts of the window, finding a command."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from seamline.errors import SeamlineError
from seamline_app.keyboard import Keyboard
from seamline_app.keys_dialog import show_keys
from seamline_app.panes import Panes
from seamline_app.settings import Settings
from seamline_widgets.actions import menu_keys
from seamline_widgets.command_palette import CommandPalette
from seamline_widgets.commands import commands_of

if TYPE_CHECKING:
    from seamline_app.main_window import MainWindow
    from seamline_app.views import Views


class Commanding(QObject):
    """Works the actions that are about actions."""

    def __init__(self, window: MainWindow, views: Views, settings: Settings) -> None:
        super().__init__(window)
        self._window = window
        actions, bar = window.actions_by_id, window.menuBar()
        self.keyboard = Keyboard(
            actions,
            lambda: settings.text("keys"),
            lambda text: settings.set_text("keys", text),
            menu_keys(bar),
            self,
        )
        self.panes = Panes(
            window,
            (
                ("Picture", views.screen),
                ("Seam review", views.review),
                ("Transport", views.transport),
                ("Views", views.side),
                ("Timeline", views.timeline),
            ),
            (views.picture, views.timeline, views.review),
        )
        self.palette = CommandPalette(
            window,
            lambda: [*commands_of(bar, [actions["command_palette"]]), *window.matching.auditioning.commands],
            self._places,
            settings.recent_commands,
        )
        self.palette.recents_changed.connect(settings.set_recent_commands)
        for action_id, handler in {
            "next_pane": self.panes.next_pane,
            "previous_pane": self.panes.previous_pane,
            "command_palette": self.palette.open,
            "show_shortcuts": lambda: show_keys(self.keyboard, bar, window),
        }.items():
            actions[action_id].triggered.connect(lambda _=False, handler=handler: handler())

    def _places(self, text: str) -> Sequence[tuple[str, Callable[[], None]]]:
        """Where the text is a timecode, or as good as one: going there."""
        document = self._window.document
        if document is None or not any(letter.isdigit() for letter in text):
            return ()
        try:
            frame = self._window.typed_frame(text)
        except SeamlineError:
            return ()
        return ((f"Go to {document.project.timecode(frame)}", lambda: self._window.go_to(frame)),)
