"""The keys of the window: which they are, where they are kept, and their files."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Container, Mapping
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAction

from seamline.errors import SeamlineError
from seamline.exchange.files import write_text_atomically
from seamline_resources.key_map import KeyMap, key_map_of
from seamline_resources.shortcuts import SHORTCUTS
from seamline_widgets.actions import set_keys

_LARGEST_BYTES = 64 * 1024  # a map that changes every action has a tenth of it
_log = logging.getLogger(__name__)


class KeyboardError(SeamlineError):
    """A map of keys cannot be read."""


class Keyboard(QObject):
    """Gives the actions their keys, from what is kept at the start and with every change.

    `read()` gives the text that `write(text)` was given last, empty the first time. No action is given one of the
    `reserved` keys, which open menus. `changed`: the actions have other keys now.
    """

    changed = Signal()

    def __init__(
        self,
        actions: Mapping[str, QAction],
        read: Callable[[], str],
        write: Callable[[str], None],
        reserved: Container[str] = (),
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._actions = actions
        self._write = write
        self._reserved = reserved
        self._map = KeyMap()
        stored = read()
        if stored:
            try:
                self._map, left_out = _map_in(stored, reserved)
            except ValueError as error:
                # the window must open: it has the keys that it came with
                _log.warning("the keys that were kept cannot be read: %s", error)
            else:
                if left_out:
                    _log.warning("%d of the keys that were kept could not be used", left_out)
        self._apply()

    @property
    def map(self) -> KeyMap:
        return self._map

    def set_map(self, key_map: KeyMap) -> None:
        """Let the actions have these keys from now on, and after a restart."""
        if key_map == self._map:
            return
        self._map = key_map
        self._write(json.dumps(key_map.to_plain(), ensure_ascii=False))
        self._apply()
        self.changed.emit()

    def import_from(self, path: Path) -> int:
        """Take the keys over from a file, which may be a stranger's; gives how many of them could not be used.

        Raises KeyboardError if it cannot be read or is no map of keys; the keys stay as they are then.
        """
        if path.exists() and not path.is_file():
            raise KeyboardError(f"“{path.name}” is no file: choose a map of keys.")
        try:
            with path.open("rb") as file:
                content = file.read(_LARGEST_BYTES + 1)
        except OSError as error:
            raise KeyboardError(f"“{path.name}” cannot be read ({error.strerror}).") from error
        if len(content) > _LARGEST_BYTES:
            raise KeyboardError(f"“{path.name}” is too large for a map of keys: choose another file.")
        try:
            key_map, left_out = _map_in(content.decode("utf-8-sig"), self._reserved)
        except ValueError as error:
            raise KeyboardError(f"“{path.name}” cannot be used. {error}") from error
        self.set_map(key_map)
        return left_out

    def export_to(self, path: Path) -> None:
        """Write the keys to a file that `import_from` reads, over what was there. Raises ExchangeError."""
        text = json.dumps(self._map.to_plain(), ensure_ascii=False, indent=2)
        write_text_atomically(path, f"{text}\n", overwrite=True)

    def _apply(self) -> None:
        for entry in SHORTCUTS:
            if entry.action_id in self._actions:
                set_keys(self._actions[entry.action_id], entry, self._map.keys_of(entry.action_id))


def _map_in(text: str, reserved: Container[str]) -> tuple[KeyMap, int]:
    """The map in this JSON, and how much of it could not be used. Raises ValueError with a sentence."""
    try:
        plain = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ValueError("It is no JSON text, as maps of keys are.") from error
    return key_map_of(plain, reserved)
