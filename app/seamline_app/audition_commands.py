"""What the audition's keys do, as commands that can be found by name."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from seamline_widgets.audition_keys import AUDITION_KEYS, TITLE, key_text_of
from seamline_widgets.commands import Command


def audition_commands(do: Callable[[str], None], *, is_on: bool) -> list[Command]:
    """All of them; `do(action_id)` does one, which can be done while a pair is auditioned."""
    return [
        Command(
            f"audition.{key.action_id}",
            key.name,
            TITLE,
            key_text_of(key.action_id),
            is_on,
            partial(do, key.action_id),
        )
        for key in AUDITION_KEYS
    ]
