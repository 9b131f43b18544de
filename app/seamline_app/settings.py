"""What is remembered between two starts: each setting once, with its type and default."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QByteArray, QSettings

from seamline.media.positions import PositionDisplay
from seamline_widgets.segment_controls import SegmentChoices

_RECENT_FILMS = 10
_SEGMENT_NUMBERS = ("sensitivity", "min_s", "max_s")


class Settings:
    """The window's memory, in an INI file."""

    def __init__(self, folder: Path) -> None:
        self._store = QSettings(str(folder / "seamline.ini"), QSettings.Format.IniFormat)

    @property
    def recent_films(self) -> list[Path]:
        """The films opened last, newest first, at most ten; those that are gone are left out."""
        stored = self._store.value("recent_films", [])
        # an INI file gives a list of one as a string
        names = stored if isinstance(stored, list) else [stored] if stored else []
        return [path for path in map(Path, map(str, names)) if path.is_file()]

    def add_recent_film(self, path: Path) -> None:
        films = [path, *(other for other in self.recent_films if other != path)]
        self._store.setValue("recent_films", [str(film) for film in films[:_RECENT_FILMS]])

    @property
    def last_folder(self) -> Path:
        """Where the open dialog starts: the folder of the last film, else the user's home."""
        recent = self.recent_films
        return recent[0].parent if recent else Path.home()

    @property
    def volume(self) -> float:
        """Loudness, 0 to 1."""
        try:
            volume = float(str(self._store.value("volume", 1.0)))
        except ValueError:
            return 1.0
        return min(1.0, max(0.0, volume)) if math.isfinite(volume) else 1.0

    @volume.setter
    def volume(self, volume: float) -> None:
        self._store.setValue("volume", volume)

    @property
    def muted(self) -> bool:
        return self._flag("muted", False)

    @muted.setter
    def muted(self, muted: bool) -> None:
        self._store.setValue("muted", muted)

    @property
    def learns(self) -> bool:
        """Whether the proposals for a film follow the corrections made in it."""
        return self._flag("learns", True)

    @learns.setter
    def learns(self, learns: bool) -> None:
        self._store.setValue("learns", learns)

    @property
    def position_display(self) -> PositionDisplay:
        """How the playhead's position is said."""
        try:
            return PositionDisplay(self.text("position_display"))
        except ValueError:
            return PositionDisplay.TIMECODE

    @position_display.setter
    def position_display(self, display: PositionDisplay) -> None:
        self.set_text("position_display", str(display))

    @property
    def last_export(self) -> str:
        """The id of the destination or format that was exported last; empty if there is none."""
        return self.text("last_export")

    @last_export.setter
    def last_export(self, name: str) -> None:
        self._store.setValue("last_export", name)

    @property
    def makes_proxies(self) -> bool:
        """Whether an analysis keeps a small picture of every frame for scrubbing: up to a gigabyte a film."""
        return self._flag("makes_proxies", True)

    @makes_proxies.setter
    def makes_proxies(self, makes: bool) -> None:
        self._store.setValue("makes_proxies", makes)

    @property
    def shows_filmstrip(self) -> bool:
        return self._flag("shows_filmstrip", True)

    @shows_filmstrip.setter
    def shows_filmstrip(self, shown: bool) -> None:
        self._store.setValue("shows_filmstrip", shown)

    @property
    def shows_waveform(self) -> bool:
        return self._flag("shows_waveform", True)

    @shows_waveform.setter
    def shows_waveform(self, shown: bool) -> None:
        self._store.setValue("shows_waveform", shown)

    @property
    def provider(self) -> str:
        """What networks shall run on, empty for what works best."""
        return str(self._store.value("provider", ""))

    @provider.setter
    def provider(self, name: str) -> None:
        self._store.setValue("provider", name)

    @property
    def shows_labels(self) -> bool:
        """Whether scale and movement of the shots are on the timeline."""
        return self._flag("shows_labels", True)

    @shows_labels.setter
    def shows_labels(self, shown: bool) -> None:
        self._store.setValue("shows_labels", shown)

    @property
    def shows_footage(self) -> bool:
        """Whether the set-ups of the shots are on the timeline."""
        return self._flag("shows_footage", True)

    @shows_footage.setter
    def shows_footage(self, shown: bool) -> None:
        self._store.setValue("shows_footage", shown)

    @property
    def shows_camera(self) -> bool:
        """Whether the motion of the camera is drawn on the timeline."""
        return self._flag("shows_camera", False)

    @shows_camera.setter
    def shows_camera(self, shown: bool) -> None:
        self._store.setValue("shows_camera", shown)

    @property
    def snaps(self) -> bool:
        """Whether drags on the timeline catch at seams and marks."""
        return self._flag("snaps", True)

    @snaps.setter
    def snaps(self, value: bool) -> None:
        self._store.setValue("snaps", value)

    @property
    def shows_review(self) -> bool:
        """Whether the frames about the seam are shown under the picture."""
        return self._flag("shows_review", True)

    @shows_review.setter
    def shows_review(self, value: bool) -> None:
        self._store.setValue("shows_review", value)

    @property
    def shows_safe_areas(self) -> bool:
        return self._flag("shows_safe_areas", False)

    @shows_safe_areas.setter
    def shows_safe_areas(self, value: bool) -> None:
        self._store.setValue("shows_safe_areas", value)

    @property
    def scrub_sound(self) -> bool:
        """Whether each frame that is gone to is heard."""
        return self._flag("scrub_sound", False)

    @scrub_sound.setter
    def scrub_sound(self, value: bool) -> None:
        self._store.setValue("scrub_sound", value)

    @property
    def shows_shot_grid(self) -> bool:
        """Whether the shots are shown as pictures, not as a table."""
        return self._flag("shows_shot_grid", False)

    @shows_shot_grid.setter
    def shows_shot_grid(self, value: bool) -> None:
        self._store.setValue("shows_shot_grid", value)

    @property
    def shot_picture_px(self) -> int:
        """How wide the pictures of shots are."""
        text = self.text("shot_picture_px")
        return int(text) if text.isdecimal() and len(text) < 5 else 160

    @shot_picture_px.setter
    def shot_picture_px(self, width_px: int) -> None:
        self.set_text("shot_picture_px", str(width_px))

    def text(self, name: str) -> str:
        """What is stored under that name; empty where nothing is, or no text."""
        stored = self._store.value(name, "")
        return stored if isinstance(stored, str) else ""

    def set_text(self, name: str, text: str) -> None:
        self._store.setValue(name, text)

    @property
    def recent_commands(self) -> tuple[str, ...]:
        """Ids of the commands that were chosen last in the palette, newest first."""
        ids = self.text("recent_commands").splitlines()
        return tuple(dict.fromkeys(one for one in ids if one.strip()))

    def set_recent_commands(self, command_ids: Sequence[str]) -> None:
        self.set_text("recent_commands", "\n".join(command_ids))

    @property
    def segment_choices(self) -> SegmentChoices:
        """How films are divided into segments; the usual way where what is stored makes no sense."""
        usual = SegmentChoices("dynamic", 0.5, 2.0, 15.0)
        try:
            values = [float(str(self._store.value(f"segments/{name}"))) for name in _SEGMENT_NUMBERS]
        except ValueError:
            return usual
        if not all(math.isfinite(value) for value in values):
            return usual
        return SegmentChoices(str(self._store.value("segments/method", usual.method)), *values)

    @segment_choices.setter
    def segment_choices(self, choices: SegmentChoices) -> None:
        for name in ("method", *_SEGMENT_NUMBERS):
            self._store.setValue(f"segments/{name}", getattr(choices, name))

    def layout(self, part: str) -> QByteArray | None:
        """The stored geometry or splitter state of that part of the window, None the first time."""
        stored = self._store.value(f"layout/{part}")
        return stored if isinstance(stored, QByteArray) else None

    def set_layout(self, part: str, state: QByteArray) -> None:
        self._store.setValue(f"layout/{part}", state)

    def _flag(self, name: str, default: bool) -> bool:
        # an INI file gives words
        return str(self._store.value(name, default)).lower() == "true"
