"""Actions made from the one shortcut table, with the keys in their tool tips."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenuBar, QWidget

from seamline_resources.shortcuts import SHORTCUTS, Shortcut


def make_actions(parent: QWidget) -> dict[str, QAction]:
    """One action for every entry of the table, by action id, added to `parent` so that its keys work there.

    The caller connects `triggered` and puts the actions into menus and `TransportBar.set_actions`.
    """
    actions = {entry.action_id: make_action(entry, parent) for entry in SHORTCUTS}
    parent.addActions(list(actions.values()))
    return actions


def make_action(entry: Shortcut, parent: QWidget) -> QAction:
    """The action of one entry: name, the table's keys, and a tool tip that names the keys.

    It has no icon: those belong to buttons, and a menu would leave room even for one that it does not show.
    """
    action = QAction(entry.name, parent)
    action.setObjectName(entry.action_id)
    set_keys(action, entry, entry.keys)
    return action


def set_keys(action: QAction, entry: Shortcut, keys: Sequence[str]) -> None:
    """Let these keys trigger the action and stand in its tool tip; menus show the first."""
    action.setShortcuts([QKeySequence(key) for key in keys])
    name = plain_name(entry)
    tip = f"{name} ({keys_text(keys)})" if keys else name
    action.setToolTip(f"{tip}\n{entry.hint}" if entry.hint else tip)


def menu_keys(bar: QMenuBar) -> dict[str, str]:
    """The keys that open the menus, such as Alt+F, which no action can have; with a sentence about each."""
    portable = QKeySequence.SequenceFormat.PortableText
    keys = {
        QKeySequence.mnemonic(action.text()).toString(portable): action.text() for action in bar.actions()
    }
    return {
        key: f"{key_text(key)} opens the menu {text.replace('&', '')}: press another key."
        for key, text in keys.items()
        if key
    }


def menu_text(text: str) -> str:
    """`text`, which may be a stranger's, as a menu shows it: on one line, `&` as itself, no key beside it."""
    printable = "".join(letter if letter.isprintable() else " " for letter in text)
    return " ".join(printable.split()).replace("&", "&&")


def plain_name(entry: Shortcut) -> str:
    """What the action is called, without the dots that announce a dialog."""
    return entry.name.rstrip("…")


def keys_text(keys: Sequence[str]) -> str:
    """The keys as this system writes them, such as `M or Ctrl+K`."""
    return " or ".join(map(key_text, keys))


def key_text(key: str) -> str:
    """One key as this system writes it."""
    return QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText)
