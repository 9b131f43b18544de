"""The one table of actions and keys: menus, tool tips and the shortcut sheet all read it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from seamline_resources.label_looks import SCALE_LOOKS


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


_PLAY, _MOVE, _SEAMS, _SHOTS = "Playing", "Moving", "Seams", "Shots"
_LABELS, _FIND, _MATCH = "Labels", "Finding", "Match cuts"
_FILM, _PICTURE, _VIEW = "Film", "Picture", "View"

SHORTCUTS: Final[tuple[Shortcut, ...]] = (
    Shortcut("play_pause", "Play or pause", ("Space",), _PLAY, "play"),
    Shortcut("shuttle_back", "Play backwards, again for faster", ("J",), _PLAY),
    Shortcut("shuttle_stop", "Stop", ("K",), _PLAY),
    Shortcut("shuttle_forward", "Play forwards, again for faster", ("L",), _PLAY),
    Shortcut(
        "mark_in", "Mark in", ("I",), _PLAY, hint="Playing between in and out begins at the frame shown."
    ),
    Shortcut(
        "mark_out", "Mark out", ("O",), _PLAY, hint="Playing between in and out ends with the frame shown."
    ),
    Shortcut(
        "mark_shot",
        "Mark the shot",
        ("X",),
        _PLAY,
        hint="In and out at the ends of the shot at the playhead.",
    ),
    Shortcut("clear_marks", "Clear in and out", ("Alt+X",), _PLAY),
    Shortcut(
        "play_loop",
        "Play in a loop",
        ("Ctrl+L",),
        _PLAY,
        "loop",
        hint="Between in and out, or all of the film where nothing is marked.",
    ),
    Shortcut("mute", "Mute the sound", ("Ctrl+M",), _PLAY, "volume"),
    Shortcut("scrub_sound", "Sound while scrubbing", ("Shift+S",), _PLAY),
    Shortcut("step_back", "Back one frame", ("Left",), _MOVE, "step-back"),
    Shortcut("step_forward", "Forward one frame", ("Right",), _MOVE, "step-forward"),
    Shortcut("jump_back", "Back one second", ("Shift+Left",), _MOVE),
    Shortcut("jump_forward", "Forward one second", ("Shift+Right",), _MOVE),
    Shortcut("previous_seam", "Previous seam", ("Up",), _MOVE, "previous-seam"),
    Shortcut("next_seam", "Next seam", ("Down",), _MOVE, "next-seam"),
    Shortcut(
        "next_doubtful",
        "Next doubtful seam",
        ("N", "Tab"),
        _MOVE,
        hint="The one that the analysis is least sure of, among those not decided yet.",
    ),
    Shortcut("previous_doubtful", "Previous doubtful seam", ("Shift+N", "Shift+Tab"), _MOVE),
    Shortcut(
        "next_match_cut",
        "Next match cut",
        ("Alt+Down",),
        _MOVE,
        hint="The next of the film's own cuts that is one; they are looked for first where they are not marked.",
    ),
    Shortcut("previous_match_cut", "Previous match cut", ("Alt+Up",), _MOVE),
    Shortcut("previous_shot_middle", "Middle of the previous shot", ("Ctrl+Up",), _MOVE),
    Shortcut("next_shot_middle", "Middle of the next shot", ("Ctrl+Down",), _MOVE),
    Shortcut("go_to_in", "Go to in", ("Shift+I",), _MOVE),
    Shortcut("go_to_out", "Go to out", ("Shift+O",), _MOVE),
    Shortcut(
        "go_to_timecode",
        "Go to a timecode…",
        ("G",),
        _MOVE,
        hint="Type 01:02:03:04, +25 or -1:00; digits alone are read from the right.",
    ),
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
    Shortcut(
        "change_kind",
        "Change the seam's type",
        ("T",),
        _SEAMS,
        hint="From cut to dissolve, fade, wipe, and back to cut.",
    ),
    Shortcut("nudge_back", "Move the seam back one frame", ("Alt+Left",), _SEAMS),
    Shortcut("nudge_forward", "Move the seam forward one frame", ("Alt+Right",), _SEAMS),
    Shortcut("out_earlier", "Begin the seam one frame earlier", ("Alt+Shift+Left",), _SEAMS),
    Shortcut("out_later", "Begin the seam one frame later", ("Alt+Shift+Right",), _SEAMS),
    Shortcut("in_earlier", "End the seam one frame earlier", ("Ctrl+Shift+Left",), _SEAMS),
    Shortcut("in_later", "End the seam one frame later", ("Ctrl+Shift+Right",), _SEAMS),
    Shortcut("select_all", "Select all seams", ("Ctrl+A",), _SEAMS),
    Shortcut("snapping", "Snap to seams", ("S",), _SEAMS),
    Shortcut("undo", "Undo", ("Ctrl+Z",), _SEAMS),
    Shortcut("redo", "Redo", ("Ctrl+Shift+Z", "Ctrl+Y"), _SEAMS),
    Shortcut(
        "show_history", "List of steps…", ("Ctrl+H",), _SEAMS, hint="All steps; choosing one goes back to it."
    ),
    Shortcut("rename_shot", "Name the shot…", ("F2",), _SHOTS),
    Shortcut("comment_shot", "Comment on the shot…", ("Shift+F2",), _SHOTS),
    Shortcut(
        "merge_shots",
        "Join the selected shots",
        ("Ctrl+J",),
        _SHOTS,
        hint="Deletes the seams between the shots that are selected in the list.",
    ),
    Shortcut("find_shots", "Filter the shots", ("Ctrl+F",), _SHOTS),
    Shortcut("shot_grid", "Shots as a grid of pictures", ("Ctrl+Shift+G",), _SHOTS, hint="Or as a table."),
    *(
        Shortcut(f"scale_{label.lower()}", look.name, (look.key,), _LABELS, hint=look.hint)
        for label, look in SCALE_LOOKS.items()
    ),
    Shortcut(
        "label_movement",
        "Movement of the camera…",
        ("V",),
        _LABELS,
        hint="A menu; its letters choose: L for a pan to the left, U for a tilt up.",
    ),
    Shortcut(
        "clear_labels",
        "Labels as the analysis has them",
        ("0",),
        _LABELS,
        hint="Takes your labels of the shot away.",
    ),
    Shortcut("show_labels", "Labels on the timeline", ("Ctrl+Shift+L",), _LABELS),
    Shortcut(
        "show_camera",
        "Movement as curves",
        ("Shift+V",),
        _LABELS,
        hint="Pan, tilt, zoom and roll of the camera below the shots.",
    ),
    Shortcut(
        "find_pictures",
        "Find pictures by words…",
        ("Ctrl+Shift+F", "Ctrl+Alt+F"),
        _FIND,
        "search",
        "What the film shows, in your own words; or by a picture dropped there.",
    ),
    Shortcut(
        "find_like_frame",
        "Find frames like this one",
        ("Y",),
        _FIND,
        hint="Ranks the shots by how much they look like the frame shown.",
    ),
    Shortcut(
        "find_like_region",
        "Find what is in a part of the picture…",
        ("Shift+Y",),
        _FIND,
        hint="Drag a frame around it in the picture.",
    ),
    Shortcut("next_hit", "Next hit", ("F3",), _FIND, hint="The next place found, along the film."),
    Shortcut("previous_hit", "Previous hit", ("Shift+F3",), _FIND),
    Shortcut(
        "show_footage",
        "Same footage on the timeline",
        ("U",),
        _FIND,
        hint="Shots of the same set-up have the same colour and letter.",
    ),
    Shortcut(
        "find_match_cuts",
        "Match cuts…",
        ("Ctrl+Shift+M",),
        _MATCH,
        hint="Pairs of shots that would cut together: the same shape in the same place, or one movement.",
    ),
    Shortcut(
        "match_out_of_frame",
        "Match cuts out of this frame",
        ("Alt+Y",),
        _MATCH,
        hint="Ranks the shots by how well they begin where the frame shown ends, in the film that “Match” looks in.",
    ),
    Shortcut(
        "match_into_frame",
        "Match cuts into this frame",
        ("Alt+Shift+Y",),
        _MATCH,
        hint="Ranks the shots by how well they end where the frame shown begins, in the film that “Match” looks in.",
    ),
    Shortcut(
        "mark_match_cuts",
        "Mark match cuts among the seams",
        ("Shift+M",),
        _MATCH,
        hint="On the timeline and in the seam review, until another film is opened; “Next match cut” goes there.",
    ),
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
    Shortcut("picture_fit", "Fit the picture", ("Ctrl+0",), _PICTURE),
    Shortcut(
        "picture_100",
        "Picture at 100 %",
        ("Ctrl+1",),
        _PICTURE,
        hint="One pixel of the film, one of the screen.",
    ),
    Shortcut("safe_areas", "Safe areas", ("Ctrl+'",), _PICTURE),
    Shortcut("copy_frame", "Copy the frame", ("Ctrl+C",), _PICTURE),
    Shortcut("save_still", "Save the frame as a still…", ("Ctrl+Alt+E",), _PICTURE),
    Shortcut(
        "show_review",
        "Seam review",
        ("R",),
        _VIEW,
        hint="The frames about the seam, and how much each differs from the one before.",
    ),
    Shortcut("position_display", "Timecode, frames or time", ("Shift+T",), _VIEW),
    Shortcut("zoom_in", "Zoom the timeline in", ("+", "="), _VIEW),
    Shortcut("zoom_out", "Zoom the timeline out", ("-",), _VIEW),
    Shortcut("zoom_fit", "Show the whole film", ("\\", "Shift+Z"), _VIEW),
    Shortcut(
        "zoom_selection", "Zoom to the selection", ("Z",), _VIEW, hint="The selected seams, or in and out."
    ),
    Shortcut("next_pane", "Next part of the window", ("F6",), _VIEW),
    Shortcut("previous_pane", "Previous part of the window", ("Shift+F6",), _VIEW),
    Shortcut("command_palette", "Find a command…", ("Ctrl+Shift+P", "Ctrl+P"), _VIEW),
    Shortcut("full_screen", "Full screen", ("F", "F11"), _VIEW),
    Shortcut("show_shortcuts", "Keyboard shortcuts", ("F1", "?"), _VIEW),
)


def shortcut(action_id: str) -> Shortcut:
    """The entry of that action. Raises KeyError for an id that the table does not have."""
    for entry in SHORTCUTS:
        if entry.action_id == action_id:
            return entry
    raise KeyError(action_id)
