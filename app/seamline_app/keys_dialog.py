"""The keyboard map over the window: what is changed there holds at once."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QMenuBar, QWidget

from seamline.errors import SeamlineError
from seamline_app.keyboard import Keyboard
from seamline_widgets.actions import menu_keys
from seamline_widgets.shortcuts_sheet import ShortcutsSheet

_FILES = "Maps of keys (*.seamline-keys.json *.json);;All files (*)"
_SUFFIX = ".seamline-keys.json"


def show_keys(keyboard: Keyboard, bar: QMenuBar, window: QWidget) -> None:
    """Open the sheet over `window` until it is closed. No action can have a key that opens a menu of `bar`."""
    sheet = ShortcutsSheet(window, keyboard.map, menu_keys(bar))
    sheet.map_changed.connect(keyboard.set_map)
    sheet.import_wanted.connect(lambda: _import(sheet, keyboard))
    sheet.export_wanted.connect(lambda: _export(sheet, keyboard))
    sheet.exec()
    sheet.deleteLater()


def _import(sheet: ShortcutsSheet, keyboard: Keyboard) -> None:
    name, _ = QFileDialog.getOpenFileName(sheet, "Import keys", "", _FILES)
    if not name:
        return
    path = Path(name)
    try:
        left_out = keyboard.import_from(path)
    except SeamlineError as error:
        sheet.tell(str(error))
        return
    sheet.set_map(keyboard.map)
    rest = f" {left_out} of its entries could not be used and were left out." if left_out else ""
    sheet.tell(f"The keys are those of “{path.name}” now: Undo brings yours back.{rest}")


def _export(sheet: ShortcutsSheet, keyboard: Keyboard) -> None:
    name, _ = QFileDialog.getSaveFileName(sheet, "Export keys", f"keys{_SUFFIX}", _FILES)
    if not name:
        return
    path = Path(name)
    try:
        keyboard.export_to(path)
    except SeamlineError as error:
        sheet.tell(str(error))
        return
    sheet.tell(f"Wrote “{path}”.")
