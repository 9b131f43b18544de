"""The keys of the audition: its view obeys them, its tool tips and its legend name them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QKeyCombination, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence


@dataclass(frozen=True, slots=True)
class AuditionKey:
    """What a key does. `key` is in Qt's portable notation; `is_repeated`: again and again while it is held;
    `word`: what its button says where there is room."""

    action_id: str
    name: str
    key: str
    icon: str = ""
    is_repeated: bool = False
    word: str = ""


TITLE: Final = "Audition of match cuts"
FIXED: Final = "These keys are fixed: they hold while a pair of shots is played in the picture's place."

AUDITION_KEYS: Final = (
    AuditionKey("play", "Play or pause", "Space", "play"),
    AuditionKey("roll_back", "Cut a frame earlier", "J", is_repeated=True),
    AuditionKey("roll_on", "Cut a frame later", "L", is_repeated=True),
    AuditionKey("out_back", "A ends a frame earlier", "Shift+J", is_repeated=True),
    AuditionKey("out_on", "A ends a frame later", "Shift+L", is_repeated=True),
    AuditionKey("in_back", "B begins a frame earlier", "Alt+J", is_repeated=True),
    AuditionKey("in_on", "B begins a frame later", "Alt+L", is_repeated=True),
    AuditionKey("put_back", "Cut as it was proposed", "R", "put-back"),
    AuditionKey("difference", "Difference of the two frames", "D", "difference", word="Difference"),
    AuditionKey("onion", "Onion skin: half of each frame", "O", "onion-skin", word="Onion skin"),
    AuditionKey("wipe", "Wipe: the border follows the mouse", "W", "wipe", word="Wipe"),
    AuditionKey("side", "Side by side", "S", "side-by-side", word="Side by side"),
    AuditionKey("keep", "Keep and go on", "K", "check", word="Keep"),
    AuditionKey("reject", "Reject and go on", "X", "close", word="Reject"),
    AuditionKey("note", "Note", "N", "note", word="Note"),
    AuditionKey("previous", "Previous pair", "Up", "chevron-up", is_repeated=True),
    AuditionKey("next", "Next pair", "Down", "chevron-down", is_repeated=True),
    AuditionKey("step_back", "A frame back", "Left", is_repeated=True),
    AuditionKey("step_on", "A frame on", "Right", is_repeated=True),
    AuditionKey("mute", "Sound off or on", "M", "volume"),
    AuditionKey("legend", "Keys of the audition", "H", "keyboard", word="Keys"),
    AuditionKey("leave", "Back to the film", "Esc", "film", word="Back to the film"),
)
BY_ID: Final = {key.action_id: key for key in AUDITION_KEYS}

LEGEND: Final = (
    (("Space",), "play"),
    (("J", "L"), "slide the cut"),
    (("Shift", "J", "L"), "trim A"),
    (("Alt", "J", "L"), "trim B"),
    (("R",), "as proposed"),
    (("D",), "difference"),
    (("O",), "onion skin"),
    (("W",), "wipe"),
    (("S",), "side by side"),
    (("←", "→"), "frame"),
    (("M",), "mute"),
    (("K",), "keep, go on"),
    (("X",), "reject, go on"),
    (("N",), "note"),
    (("↑", "↓"), "pair"),
    (("H",), "hide the keys"),
    (("Esc",), "leave"),
)
"""Key caps, and what they are for, in a word or two."""

_BY_KEY = {key.key: key for key in AUDITION_KEYS}


def key_of(event: QKeyEvent) -> AuditionKey | None:
    """What that key does, None if it is none of the audition's."""
    modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
    pressed = QKeySequence(QKeyCombination(modifiers, Qt.Key(event.key())))
    return _BY_KEY.get(pressed.toString(QKeySequence.SequenceFormat.PortableText))


def key_text_of(action_id: str) -> str:
    """Its key as this system writes it."""
    return QKeySequence(BY_ID[action_id].key).toString(QKeySequence.SequenceFormat.NativeText)


def tip_of(action_id: str) -> str:
    """What a button says of itself, with its key."""
    return f"{BY_ID[action_id].name} ({key_text_of(action_id)})"
