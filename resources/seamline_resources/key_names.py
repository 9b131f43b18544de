"""Names of keys, such as `Ctrl+Shift+Z`, written in one way: Qt's portable one."""

from __future__ import annotations

import re
from typing import Final

# in the order in which Qt writes them
_MODIFIERS: Final = ("Meta", "Ctrl", "Alt", "Shift")
_NAMED: Final = (
    "Esc", "Tab", "Backtab", "Backspace", "Return", "Enter", "Ins", "Del", "Pause", "Print", "Home", "End",
    "Left", "Up", "Right", "Down", "PgUp", "PgDown", "Space", "Menu", "Help",
)  # fmt: skip
_ALSO: Final = {"escape": "Esc", "insert": "Ins", "delete": "Del", "pageup": "PgUp", "pagedown": "PgDown"}
_KEYS: Final = {name.casefold(): name for name in _NAMED} | _ALSO
_FUNCTION_KEY: Final = re.compile(r"F([1-9]|[12]\d|3[0-5])", re.IGNORECASE)
_LONGEST: Final = 40
# lists, fields and dialogs cannot be worked without these
_KEPT: Final = ("Esc", "Return", "Enter")


class UnusableKeyError(ValueError):
    """A key that cannot be given to an action; the message is a sentence that says why."""


def normal_key(text: str) -> str:
    """The one way to write that key: `shift+ctrl+delete` is `Ctrl+Shift+Del`.

    One key with Meta, Ctrl, Alt and Shift, no sequence of keys. Raises UnusableKeyError for what is none, and for
    Esc, Return and Enter, which lists and dialogs need.
    """
    if len(text) > _LONGEST:
        raise UnusableKeyError("That is too long for the name of a key.")
    if text == "+" or text.endswith("++"):  # the plus key itself
        before, name = text[:-2], "+"
    else:
        before, _, name = text.rpartition("+")
    wanted = [_modifier(part, text) for part in before.split("+")] if before else []
    if len(set(wanted)) < len(wanted):
        raise _no_key(text)
    key = _key(name.strip(), text)
    if key == "Backtab":  # what Shift makes of Tab
        key, wanted = "Tab", sorted({*wanted, "Shift"})
    if key in _KEPT and not {"Ctrl", "Alt", "Meta"} & set(wanted):
        raise UnusableKeyError(f"{key} works lists and dialogs: it cannot be given to an action.")
    return "+".join([*(modifier for modifier in _MODIFIERS if modifier in wanted), key])


def _modifier(part: str, text: str) -> str:
    modifier = part.strip().capitalize()
    if modifier not in _MODIFIERS:
        raise _no_key(text)
    return modifier


def _key(name: str, text: str) -> str:
    if name.casefold() in _KEYS:
        return _KEYS[name.casefold()]
    if _FUNCTION_KEY.fullmatch(name):
        return name.upper()
    if len(name) == 1 and name.isprintable() and not name.isspace() and ord(name) < 0x10000:
        upper = name.upper()
        return upper if len(upper) == 1 else name  # ß has no capital of one letter
    raise _no_key(text)


def _no_key(text: str) -> UnusableKeyError:
    return UnusableKeyError(f"“{text}” is no key that can be given to an action.")
