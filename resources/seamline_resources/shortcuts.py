"""The one table of actions and keys: menus, tool tips and the shortcut sheet all read it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Shortcut:
    """An action, what it is called, and the keys that trigger it.

    `keys` are in Qt's portable notation, the first being the one that menus show; on macOS Qt reads Ctrl as
    the command key. `icon` names a file in `icons/`. `hint` is the sentence of the tool tip.
    """

    action_id: str
    name: str
    keys: tuple[str, ...]
    section: str
    icon: str | None = None
    hint: str = ""


_PLAY, _MOVE, _SEAMS, _FILM, _VIEW = "Playing", "Moving", "Seams", "Film", "View"

SHORTCUTS: Final[tuple[Shortcut, ...]] = (
    Shortcut("play_pause", "Play or pause", ("Space",), _PLAY, "play"),
    Shortcut("shuttle_back", "Play backwards, again for faster", ("J",), _PLAY),
    Shortcut("shuttle_stop", "Stop", ("K",), _PLAY),
    Shortcut("shuttle_forward", "Play forwards, again for faster", ("L",), _PLAY),
    Shortcut("mute", "Mute the sound", ("Ctrl+M",), _PLAY, "volume"),
    Shortcut("step_back", "Back one frame", ("Left",), _MOVE, "step-back"),
    Shortcut("step_forward", "Forward one frame", ("Right",), _MOVE, "step-forward"),
    Shortcut("jump_back", "Back one second", ("Shift+Left",), _MOVE),
    Shortcut("jump_forward", "Forward one second", ("Shift+Right",), _MOVE),
    Shortcut("previous_seam", "Previous seam", ("Up",), _MOVE, "previous-seam"),
    Shortcut("next_seam", "Next seam", ("Down",), _MOVE, "next-seam"),
    Shortcut(
        "next_doubtful",
        "Next doubtful seam",
        ("N",),
        _MOVE,
        hint="The one that the analysis is least sure of, among those not decided yet.",
    ),
    Shortcut("previous_doubtful", "Previous doubtful seam", ("Shift+N",), _MOVE),
    Shortcut("go_to_start", "First frame", ("Home",), _MOVE, "start"),
    Shortcut("go_to_end", "Last frame", ("End",), _MOVE, "end"),
    Shortcut(
        "add_seam",
        "Add a cut here",
        ("M", "Ctrl+K"),
        _SEAMS,
        "add-seam",
        "The frame shown begins a new shot.",
    ),
    Shortcut(
        "confirm_seam",
        "Confirm the seam",
        ("C",),
        _SEAMS,
        hint="The selected seam, or the one at the playhead, is right: no analysis changes it any more.",
    ),
    Shortcut(
        "delete_seam",
        "Delete the seam",
        ("Delete", "Backspace"),
        _SEAMS,
        "delete-seam",
        "The selected seam, or the one at the playhead.",
    ),
    Shortcut("nudge_back", "Move the seam back one frame", ("Alt+Left",), _SEAMS),
    Shortcut("nudge_forward", "Move the seam forward one frame", ("Alt+Right",), _SEAMS),
    Shortcut("undo", "Undo", ("Ctrl+Z",), _SEAMS),
    Shortcut("redo", "Redo", ("Ctrl+Shift+Z", "Ctrl+Y"), _SEAMS),
    Shortcut("open_film", "Open a film…", ("Ctrl+O",), _FILM),
    Shortcut(
        "save_project",
        "Save project as…",
        ("Ctrl+Shift+S",),
        _FILM,
        hint="A file with your corrections, which are stored in it as you make them from then on.",
    ),
    Shortcut("export_edl", "Export an EDL…", ("Ctrl+E",), _FILM),
    Shortcut("export_as", "Export as…", ("Ctrl+Shift+E",), _FILM),
    Shortcut("stop_analysis", "Stop the analysis", ("Ctrl+.",), _FILM),
    Shortcut("quit", "Quit", ("Ctrl+Q",), _FILM),
    Shortcut("zoom_in", "Zoom the timeline in", ("+", "="), _VIEW),
    Shortcut("zoom_out", "Zoom the timeline out", ("-",), _VIEW),
    Shortcut("zoom_fit", "Show the whole film", ("\\", "Shift+Z"), _VIEW),
    Shortcut("full_screen", "Full screen", ("F", "F11"), _VIEW),
    Shortcut("show_shortcuts", "Keyboard shortcuts", ("F1", "?"), _VIEW),
)


def shortcut(action_id: str) -> Shortcut:
    """The entry of that action. Raises KeyError for an id that the table does not have."""
    for entry in SHORTCUTS:
        if entry.action_id == action_id:
            return entry
    raise KeyError(action_id)
