"""Keys as other editing programs have them, for the actions that exist there too.

Each preset names the keys of a program as it is installed, for what is the same here or does the same to a seam;
on macOS Ctrl is the command key. An action without an entry keeps its keys of `shortcuts`, less those that the
preset gives to another. Where the program has a key only for the menus of its own, the key is left alone.

Where they are from:
- Premiere Pro: Adobe's guide, page “Keyboard shortcuts in Premiere Pro”. Held against copies of its list in public
  repositories: Ctrl+K, Ctrl+Shift+X, X, Shift+I, Shift+O, Up and Down, `=`, `-`, `\\`, S, Ctrl+O, Ctrl+I, Ctrl+M,
  Ctrl+Shift+S, Ctrl+Alt+K, Ctrl+Left and Ctrl+Right to trim. Held against no source: Ctrl+Shift+E for a still,
  Ctrl+` for full screen, Alt+Left and Alt+Right to nudge. Its Shift+Left goes five frames, ours a second.
- DaVinci Resolve: Blackmagic Design's reference manual for version 18, chapters on playback (Shift+Left a second,
  Up and Down, Ctrl+/ to loop, `=` for a timecode, Ctrl+F) and on three-point editing (I, O, Shift+I, Shift+O). Held
  against lists of users: X, Alt+X, N, Ctrl+B, Ctrl+\\, Shift+Z, Ctrl+= and Ctrl+-, Ctrl+I, Ctrl+Shift+S, Ctrl+Alt+G.
  Held against no source: `,` and `.` to nudge, Alt+\\ to join, Ctrl+Alt+K. Ctrl+B and Ctrl+\\ both cut.
- Avid Media Composer: study cards for Avid's MC101 examination (Home, End, Ctrl+Q, Ctrl+Z), a course's text (E or I,
  R or O), a user's script of its keys (Q, W, T, G). Held against no source: A and S for edits, `,` and `.` to trim,
  Ctrl+R for redo, Ctrl+[, Ctrl+] and Ctrl+/ to zoom. Its digits, which step by one and by ten frames, are not taken
  over: digits belong to labels of shots.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from seamline_resources.key_names import normal_key
from seamline_resources.shortcuts import SHORTCUTS

SEAMLINE: Final = "Seamline"

_Keys = Mapping[str, tuple[str, ...]]

_PREMIERE: Final[_Keys] = {
    "clear_marks": ("Ctrl+Shift+X",),
    "mute": ("Ctrl+Alt+M",),  # Ctrl+M exports
    "add_seam": ("Ctrl+K", "M"),
    "nudge_back": ("Alt+Left", "Ctrl+Left"),
    "nudge_forward": ("Alt+Right", "Ctrl+Right"),
    "open_film": ("Ctrl+O", "Ctrl+I"),
    "export_as": ("Ctrl+M",),
    "save_still": ("Ctrl+Shift+E", "Ctrl+Alt+E"),
    "zoom_in": ("=", "+"),
    "zoom_fit": ("\\", "Shift+Z"),
    "full_screen": ("Ctrl+`", "F11"),  # F matches a frame
    "show_shortcuts": ("Ctrl+Alt+K", "F1", "?"),
}

_RESOLVE: Final[_Keys] = {
    "play_loop": ("Ctrl+/",),
    "go_to_timecode": ("=", "G"),
    "add_seam": ("Ctrl+B", "Ctrl+\\", "M"),
    "next_doubtful": ("Tab", "D"),  # N snaps
    "previous_doubtful": ("Shift+Tab", "Shift+D"),
    "nudge_back": (",", "Alt+Left"),
    "nudge_forward": (".", "Alt+Right"),
    "snapping": ("N",),
    "merge_shots": ("Alt+\\", "Ctrl+J"),
    "find_shots": ("Ctrl+Shift+F",),  # Ctrl+F fills the screen
    "open_film": ("Ctrl+I", "Ctrl+O"),
    "save_still": ("Ctrl+Alt+G", "Ctrl+Alt+E"),
    "zoom_in": ("Ctrl+=", "Ctrl++"),
    "zoom_out": ("Ctrl+-",),
    "zoom_fit": ("Shift+Z",),
    "full_screen": ("Ctrl+F", "F11"),
    "show_shortcuts": ("Ctrl+Alt+K", "F1", "?"),
}

_AVID: Final[_Keys] = {
    "mark_in": ("I", "E"),
    "mark_out": ("O", "R"),
    "mark_shot": ("T",),
    "clear_marks": ("G",),
    "previous_seam": ("A", "Up"),
    "next_seam": ("S", "Down"),
    "go_to_in": ("Q", "Shift+I"),
    "go_to_out": ("W", "Shift+O"),
    "go_to_timecode": ("Ctrl+G",),  # G clears the marks
    "change_kind": ("Y",),  # T marks the shot
    "nudge_back": (",", "Alt+Left"),
    "nudge_forward": (".", "Alt+Right"),
    "snapping": ("Ctrl+Shift+N",),
    "redo": ("Ctrl+R", "Ctrl+Shift+Z", "Ctrl+Y"),
    "show_review": ("Shift+R",),  # R marks out
    "zoom_in": ("Ctrl+]", "+", "="),
    "zoom_out": ("Ctrl+[", "-"),
    "zoom_fit": ("Ctrl+/", "\\", "Shift+Z"),
    "full_screen": ("F11",),  # F clears the mark out
}


def _whole(program: _Keys) -> _Keys:
    """The keys of every action: the program's, else its own, less what the program uses for another."""
    named = {action_id: tuple(map(normal_key, keys)) for action_id, keys in program.items()}
    used = {key for keys in named.values() for key in keys}
    own = {entry.action_id: tuple(map(normal_key, entry.keys)) for entry in SHORTCUTS}
    return {
        action_id: named.get(action_id, tuple(key for key in keys if key not in used))
        for action_id, keys in own.items()
    }


# by the name that the user reads; the keys of every action of the table, in the notation of `key_names`
KEY_PRESETS: Final[Mapping[str, _Keys]] = {
    SEAMLINE: _whole({}),
    "Premiere Pro": _whole(_PREMIERE),
    "DaVinci Resolve": _whole(_RESOLVE),
    "Avid Media Composer": _whole(_AVID),
}
