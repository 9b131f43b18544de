"""The tab “Map”: drawn when it is first opened, kept for the next time."""

from __future__ import annotations

import time
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QTimer, Signal

from seamline.analysis.frame_map import MAX_POINTS, FrameMap
from seamline.media.film import Film
from seamline.project.types import Project
from seamline_app.jobs.map_job import MapJob, map_path
from seamline_app.jobs.segments_job import Divided
from seamline_widgets.map_colours import MapColours
from seamline_widgets.map_panel import EMPTY_HINT, MapPanel

ANALYSING = "Analysing…\nThe map can be drawn when the whole film has been looked at."
_TELL_EVERY_MS = 500


class MapView(QObject):
    """`show` begins what is missing of the map of the film set last. `content_wanted`: the user wants it after all."""

    content_wanted = Signal()

    def __init__(self, panel: MapPanel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.panel = panel
        self.job = MapJob(self)
        self._film: Film | None = None
        self._folder: Path | None = None
        self._divided: Divided | None = None
        self._shown: Path | None = None
        self._is_declined = False
        self._began_s = 0.0
        self._timer = QTimer(self, interval=_TELL_EVERY_MS)
        self._timer.timeout.connect(self._tell)
        self.job.mapped.connect(self._on_mapped)
        self.job.failed.connect(self._on_failed)
        self.job.cancelled.connect(lambda: self._on_failed("The map is not drawn."))
        panel.pressed.connect(self._on_pressed)
        panel.colouring_changed.connect(self._colour)

    def set_film(self, film: Film | None, folder: Path | None) -> None:
        """Another film; its maps lie in `folder`."""
        self._stop()
        self._film, self._folder, self._divided, self._shown = film, folder, None, None
        self._is_declined = False
        self.panel.map.clear()
        self.panel.say(EMPTY_HINT)

    def say_analysing(self) -> None:
        if self._shown is None:
            self.panel.say(ANALYSING, is_working=True)

    def say(self, text: str) -> None:
        """Show why there can be no map."""
        self._stop()
        self._divided = None
        self.panel.say(text)

    def show(self, divided: Divided) -> None:
        """Have the map of this film on the screen, and coloured by these segments if so chosen."""
        self._divided = divided
        if self._film is None or self._folder is None or self._is_declined or self.job.is_running:
            return
        path = map_path(self._film, divided.content, self._folder)
        if path == self._shown:
            self._colour()
            return
        self._began_s = time.monotonic()
        self._wanted = path
        self._tell()
        self._timer.start()
        self.job.start(divided.content, path)

    def close(self) -> None:
        """Stop, and join the thread."""
        self._timer.stop()
        self.job.close()

    def _stop(self) -> None:
        self._timer.stop()
        self.job.drop()

    def _tell(self) -> None:
        if self._divided is None:
            return
        count = min(MAX_POINTS, len(self._divided.content.embeddings))
        seconds = int(time.monotonic() - self._began_s)
        since = f"\n{seconds} s, usually less than a minute" if seconds else ""
        text = f"Laying out {count:,} frames by what they show…{since}"
        self.panel.say(text, button="Cancel" if seconds else "", is_working=True)

    def _on_mapped(self, frame_map: FrameMap) -> None:
        self._timer.stop()
        divided = self._divided
        if divided is None:
            return
        self._shown = self._wanted
        project = divided.project
        self.panel.map.set_map(frame_map.frames, frame_map.positions, project.timecode)
        last = int(frame_map.frames[-1]) if len(frame_map.frames) else 0
        self.panel.set_ends(project.timecode(0), project.timecode(last))
        self._colour()
        self.panel.show_map()

    def _on_failed(self, text: str) -> None:
        self._timer.stop()
        self._is_declined = True
        self.panel.say(text, button="Draw the map")

    def _on_pressed(self) -> None:
        if self.job.is_running:
            self.job.cancel()
        else:
            self._is_declined = False
            self.content_wanted.emit()

    def _colour(self) -> None:
        divided, frame_map = self._divided, self.panel.map
        if divided is None or self._shown is None:
            return
        frame_map.set_labels(divided.project.timecode)
        if self.panel.is_by_segment:
            starts = np.array([row.start_frame for row in divided.rows], np.int64)
            frame_map.set_colours(MapColours.by_segment(frame_map.frames, starts))
            frame_map.set_labels(partial(_with_segment, divided.project, starts))
        else:
            frame_map.set_colours(MapColours.by_time(frame_map.frames))


def _with_segment(project: Project, starts: NDArray[np.int64], frame: int) -> str:
    number = int(np.searchsorted(starts, frame, side="right"))
    return f"{project.timecode(frame)}  segment {number}"
