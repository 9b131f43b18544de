"""Texts as they come from people and from other programs: what tokenisers can take, and what messages show of them."""

from __future__ import annotations

_MOST_SHOWN = 60
"""Characters."""


def well_formed(text: str) -> str:
    """The text without halves of characters, which are none."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "ignore")


def quoted(text: str) -> str:
    """The text in quotation marks, for a message; of a long one the beginning."""
    whole = well_formed(text)
    return f"“{whole if len(whole) <= _MOST_SHOWN else whole[: _MOST_SHOWN - 1] + '…'}”"


def says_something(text: str) -> bool:
    """Whether there is anything to be seen in it: a letter, a digit or a sign."""
    return any(character.isprintable() and not character.isspace() for character in text)
