"""All commands of a menu bar, to be found by name."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QMenuBar

from seamline_widgets.actions import keys_text
from seamline_widgets.fuzzy import Match, fuzzy_match

_RECENT_WORTH = 2.0  # half of what the start of a word is worth
_WORTH_SHOWING = 0.6  # of the best: where a word fits, letters strewn about are not meant
_ONLY_BY_MENU = 20.0  # taken off: what is called so itself comes first


@dataclass(frozen=True, slots=True)
class Command:
    """Something to do: its name, the menus that lead to it, its keys, and what does it.

    `command_id` is the same in every run of the program.
    """

    command_id: str
    title: str
    path: str
    keys: str
    is_enabled: bool
    run: Callable[[], None]


@dataclass(frozen=True, slots=True)
class Hit:
    """A command that fits what was typed, and which letters of its title do."""

    command: Command
    positions: tuple[int, ...] = ()


def commands_of(bar: QMenuBar, without: Sequence[QAction] = ()) -> list[Command]:
    """The entries of all menus, in their order, submenus opened up; each once, and none of `without`."""
    commands: dict[str, Command] = {}
    for top in bar.actions():
        menu = top.menu()
        if isinstance(menu, QMenu):
            _gather(menu, _plain(top.text()), set(without), commands)
    return list(commands.values())


def find(
    commands: Sequence[Command], query: str, recent_ids: Sequence[str] = (), extra: Sequence[Command] = ()
) -> list[Hit]:
    """What fits `query`, the best first; all commands for an empty one, those used lately first.

    What cannot be done now comes last; `extra`, made for this query, first.
    """
    rank = {command_id: len(recent_ids) - at for at, command_id in enumerate(recent_ids)}
    if not query.strip():
        listed = sorted(commands, key=lambda one: (not one.is_enabled, -rank.get(one.command_id, 0)))
        return [*map(Hit, extra), *map(Hit, listed)]
    fits: list[tuple[Command, Match, bool]] = []
    for command in commands:
        in_title = fuzzy_match(query, command.title)
        match = in_title or fuzzy_match(query, f"{command.path} {command.title}")
        if match is not None:
            fits.append((command, match, in_title is not None))
    best = max((match.score for _, match, _ in fits), default=0.0)
    scored: list[tuple[bool, float, Hit]] = []
    for command, match, is_title in fits:
        if match.score < _WORTH_SHOWING * best:
            continue
        score = match.score - (0 if is_title else _ONLY_BY_MENU)
        score += _RECENT_WORTH if command.command_id in rank else 0
        scored.append((command.is_enabled, score, Hit(command, match.positions if is_title else ())))
    scored.sort(key=lambda entry: (not entry[0], -entry[1]))
    return [*map(Hit, extra), *(hit for _, _, hit in scored)]


def _gather(menu: QMenu, path: str, without: set[QAction], commands: dict[str, Command]) -> None:
    menu.aboutToShow.emit()  # some menus are filled when they open
    for action in menu.actions():
        submenu = action.menu()
        if isinstance(submenu, QMenu):
            _gather(submenu, f"{path} › {_plain(action.text())}", without, commands)
        elif not action.isSeparator() and action.isVisible() and action not in without:
            title = _plain(action.text())
            command_id = action.objectName() or f"{path} › {title}"
            keys = [key.toString() for key in action.shortcuts()]
            on = f" ({'on' if action.isChecked() else 'off'})" if action.isCheckable() else ""
            command = Command(
                command_id, f"{title}{on}", path, keys_text(keys), action.isEnabled(), action.trigger
            )
            commands.setdefault(command_id, command)


def _plain(text: str) -> str:
    """Without the marks of mnemonics and the dots that announce a dialog."""
    return text.replace("&&", "\0").replace("&", "").replace("\0", "&").rstrip("…")
