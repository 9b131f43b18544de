"""Which keys trigger which action: a preset, and what the user changed in it."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from seamline_resources.key_names import UnusableKeyError, normal_key
from seamline_resources.key_presets import KEY_PRESETS, SEAMLINE

MOST_KEYS: Final = 4  # of one action
_FORMAT: Final = "seamline_keys"
_VERSION: Final = 1


@dataclass(frozen=True, slots=True)
class KeyMap:
    """The keys of every action; no key belongs to two. Keys are written as `key_names.normal_key` does.

    `changes` holds the actions that the user gave keys to. A key given there is taken from the action that has it
    in the preset, and goes back to it when the change is reset.
    """

    preset: str = SEAMLINE
    changes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def keys_of(self, action_id: str) -> tuple[str, ...]:
        """The keys of that action, the one that menus show first. Raises KeyError for an unknown id."""
        if action_id in self.changes:
            return self.changes[action_id]
        taken = {key for keys in self.changes.values() for key in keys}
        return tuple(key for key in KEY_PRESETS[self.preset][action_id] if key not in taken)

    def action_of(self, key: str) -> str | None:
        """The action that `key` triggers, None for a free key."""
        return next((name for name in KEY_PRESETS[self.preset] if key in self.keys_of(name)), None)

    def conflict(self, action_id: str, key: str) -> str | None:
        """The other action that has `key`, None if it is free or has been this action's all along."""
        holder = self.action_of(normal_key(key))
        return None if holder == action_id else holder

    def is_changed(self, action_id: str) -> bool:
        """Whether the action's keys are not those of the preset, by a change of it or of another."""
        return self.keys_of(action_id) != KEY_PRESETS[self.preset][action_id]

    @property
    def title(self) -> str:
        """Such as `Premiere Pro (changed)`."""
        return f"{self.preset} (changed)" if self.changes else self.preset

    def with_keys(self, action_id: str, keys: Iterable[str]) -> KeyMap:
        """The map in which the action has these keys, taken from whichever had them.

        Raises UnusableKeyError for what is no key, for more than four, and KeyError for an unknown action.
        """
        preset = KEY_PRESETS[self.preset]
        wanted = tuple(dict.fromkeys(map(normal_key, keys)))
        if len(wanted) > MOST_KEYS:
            raise UnusableKeyError(f"An action has at most {MOST_KEYS} keys: take one of them away first.")
        if action_id not in preset:
            raise KeyError(action_id)
        changes = {
            other: tuple(key for key in theirs if key not in wanted)
            for other, theirs in self.changes.items()
            if other != action_id
        }
        changes[action_id] = wanted
        return KeyMap(
            self.preset, {name: theirs for name, theirs in changes.items() if theirs != preset[name]}
        )

    def reset(self, action_id: str | None = None) -> KeyMap:
        """The map in which that action, or every one, has the keys of the preset."""
        if action_id is None:
            return KeyMap(self.preset)
        return self.with_keys(action_id, KEY_PRESETS[self.preset][action_id])

    def to_plain(self) -> dict[str, object]:
        """Lists, texts and numbers alone, as JSON has them."""
        return {
            _FORMAT: _VERSION,
            "preset": self.preset,
            "keys": {action_id: list(keys) for action_id, keys in self.changes.items()},
        }


def key_map_of(plain: object, reserved: Container[str] = ()) -> tuple[KeyMap, int]:
    """The map that `to_plain` gave, and how many keys or actions in it could not be used.

    Those are left out: unknown actions, what is no key, keys given twice (the first action keeps it), those
    `reserved`, and more than four of one action. Raises ValueError, with a sentence, for what is no map of keys at all.
    """
    if not isinstance(plain, dict) or _FORMAT not in plain:
        raise ValueError("This is no map of keys that Seamline wrote.")
    if plain[_FORMAT] != _VERSION:
        raise ValueError("This map of keys is from a newer Seamline: it cannot be read.")
    preset, stored = plain.get("preset"), plain.get("keys")
    if not isinstance(preset, str) or preset not in KEY_PRESETS:
        raise ValueError("This map of keys is based on a preset that Seamline does not have.")
    if not isinstance(stored, dict):
        raise ValueError("This map of keys names no actions.")
    result, left_out, given = KeyMap(preset), 0, set[str]()
    for action_id, keys in stored.items():
        if action_id not in KEY_PRESETS[preset] or not isinstance(keys, list):
            left_out += 1
            continue
        wanted = dict.fromkeys(map(_usable, keys))
        usable = [key for key in wanted if key is not None and key not in given and key not in reserved][
            :MOST_KEYS
        ]
        left_out += len(keys) - len(usable)
        if keys and not usable:
            continue  # nothing of it can be read: better the preset's keys than none
        given.update(usable)
        result = result.with_keys(action_id, usable)
    return result, left_out


def _usable(key: object) -> str | None:
    try:
        return normal_key(key) if isinstance(key, str) else None
    except UnusableKeyError:
        return None
