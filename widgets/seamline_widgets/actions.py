"""Actions made from the one shortcut table, with the keys in their tool tips."""

from __future__ import annotations

from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget

from seamline_resources.shortcuts import SHORTCUTS, Shortcut


def make_actions(parent: QWidget) -> dict[str, QAction]:
    """One action for every entry of the table, by action id, added to `parent` so that its keys work there.

    The caller connects `triggered` and puts the actions into menus and `TransportBar.set_actions`.
    """
    actions = {entry.action_id: make_action(entry, parent) for entry in SHORTCUTS}
    parent.addActions(list(actions.values()))
    return actions


def make_action(entry: Shortcut, parent: QWidget) -> QAction:
    """The action of one entry: name, keys, and a tool tip that names the keys.

    It has no icon: those belong to buttons, and a menu would leave room even for one that it does not show.
    """
    action = QAction(entry.name, parent)
    action.setObjectName(entry.action_id)
    action.setShortcuts([QKeySequence(key) for key in entry.keys])
    tip = f"{entry.name.rstrip('…')} ({keys_text(entry)})"
    action.setToolTip(f"{tip}\n{entry.hint}" if entry.hint else tip)
    return action


def keys_text(entry: Shortcut) -> str:
    """The keys as this system writes them, such as `M or Ctrl+K`."""
    native = QKeySequence.SequenceFormat.NativeText
    return " or ".join(QKeySequence(key).toString(native) for key in entry.keys)
