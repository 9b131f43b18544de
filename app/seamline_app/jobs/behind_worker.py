"""Reads, in a thread of its own, what the player will want next and cannot decode in time."""

from __future__ import annotations

import logging
import math
from collections.abc import Iterator

from PySide6.QtCore import QObject, Qt, QTimer, Slot

from seamline.errors import SeamlineError
from seamline.media.pictures import fitted_size
from seamline_app.jobs.desk import Desk, Focus
from seamline_app.jobs.frame_source import FrameSource
from seamline_app.jobs.picture_store import PictureKey, PictureStore
from seamline_app.jobs.read_plan import ReadPlan, read_plan

_log = logging.getLogger(__name__)

_STORE_BYTES = 256 << 20
_MOST_FRAMES = 512
_SLICE_S = 0.02
# while one jumps about, nothing is read behind: the next wish comes before it is of use
_REST_MS = 60
_USUAL_S = 0.007
_LOOK_AHEAD = 40


class BehindWorker(QObject):
    """Fills the store as the player's focus moves: back from it, and around the turns of a loop.

    It has a decoder of its own, so that the player's stays where playing and stepping on need it. A new
    wish of the window is given way to. Lives in its thread; made in the window's.
    """

    def __init__(self, desk: Desk, store: PictureStore) -> None:
        super().__init__()
        self._desk = desk
        self._store = store
        self._job = -1
        self._source: FrameSource | None = None
        self._reading: ReadPlan | None = None
        self._failed_job = -1
        self._focus: Focus | None = None
        self._paced_for: tuple[object, ...] | None = None
        self._frame_s = _USUAL_S
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._read_on)

    def has_failed(self, job: int) -> bool:
        """Whether nothing more is to come for that film. From any thread."""
        return self._failed_job == job

    def seconds_to(self, job: int, frame: int) -> float:
        """How long it will take until `frame` is in the store, about; infinite where it is not on the way.

        From any thread.
        """
        source, reading = self._source, self._reading
        if source is None or reading is None or job != self._job or not reading.reads_frame(frame):
            return math.inf
        return source.seconds_to(frame)

    @Slot()
    def look(self) -> None:
        """The focus has moved."""
        focus, before = self._desk.focus, self._focus
        if focus is None or self._desk.closing or focus.wanted.job == self._failed_job:
            return
        self._focus = focus
        is_jump = (
            before is None or before.wanted.job != focus.wanted.job or abs(before.frame - focus.frame) > 1
        )
        rests = not focus.speed and (is_jump or self._timer.remainingTime() > 0)
        self._timer.start(_REST_MS if rests else 0)

    @Slot()
    def shut_down(self) -> None:
        """Let go of everything, in the thread that it belongs to, and end the thread."""
        self._timer.stop()
        self._close()
        self.thread().quit()

    def _close(self) -> None:
        self._store.clear()
        self._reading = None
        if self._source is not None:
            self._source.close()
            self._source = None

    @Slot()
    def _read_on(self) -> None:
        focus = self._desk.focus
        if focus is None:
            return
        try:
            if self._read_one(focus):
                self._timer.start(0)
        except SeamlineError as error:
            self._fail(focus, str(error))
        except Exception:  # noqa: BLE001  the thread boundary
            _log.exception("reading ahead failed")
            self._fail(focus, "")

    def _fail(self, focus: Focus, sentence: str) -> None:
        # the player reads by itself then, and tells the user what it meets
        if sentence:
            _log.warning("nothing is read ahead: %s", sentence)
        self._failed_job = focus.wanted.job
        self._close()

    def _read_one(self, focus: Focus) -> bool:
        """Read the next frame of the plan; whether there may be more."""
        wanted = focus.wanted
        if wanted.job != self._job:
            self._close()
            self._job = wanted.job
        plan = self._plan(focus)
        if self._is_elsewhere(focus, plan):
            self._reading = None
            return False  # the focus is about to move
        if focus.speed <= 0 or plan.reads:
            self._store.retain(plan.spans)
        frame = next(self._missing(plan, wanted.picture_key), None)
        if frame is None:
            self._reading = None
            return False
        if self._source is None:
            self._source = FrameSource(wanted.film, cache_bytes=0)
        self._reading = plan
        picture = self._source.read(frame, wanted.limit, lambda: self._gives_up(frame), slice_s=_SLICE_S)
        if picture is not None:
            self._store.put(wanted.picture_key, frame, picture)
        return True

    def _plan(self, focus: Focus) -> ReadPlan:
        wanted = focus.wanted
        width, height = fitted_size(wanted.film.info.display_size, wanted.limit)
        room = min(_MOST_FRAMES, max(4, _STORE_BYTES // (3 * width * height)))
        if self._paced_for != wanted.moves:
            # not measured anew on the way: blocks that change their size are read twice
            self._paced_for = wanted.moves
            self._frame_s = self._source.frame_s if self._source is not None else _USUAL_S
        return read_plan(
            wanted.film.index,
            focus.frame,
            focus.speed,
            wanted.span,
            room=room,
            decoded_a_s=1 / self._frame_s,
            player_follows=self._player_follows(focus),
        )

    def _player_follows(self, focus: Focus) -> bool:
        """Whether the player's own decoder is at a place from which it can keep up with playing forwards."""
        if focus.speed <= 0:
            return False
        index, span = focus.wanted.film.index, focus.wanted.span
        ahead = min(span.last, focus.frame + _LOOK_AHEAD)
        due_s = float(index.time_of(ahead) - index.time_of(min(focus.frame, ahead))) / focus.speed
        return self._desk.seconds_to(ahead) <= due_s + self._frame_s

    def _missing(self, plan: ReadPlan, key: PictureKey) -> Iterator[int]:
        for span in plan.reads:
            for frame in span:
                if not self._store.has(key, frame) and not self._desk.has_exact(frame):
                    yield frame

    def _gives_up(self, frame: int) -> bool:
        focus = self._desk.focus
        if focus is None:
            return True
        self._reading = plan = self._plan(focus)
        return self._is_elsewhere(focus, plan) or not plan.reads_frame(frame)

    def _is_elsewhere(self, focus: Focus, plan: ReadPlan) -> bool:
        """Whether a newer wish is to be given way to: not one that waits for what is being read."""
        now = self._desk.wanted
        if self._desk.closing or now.job != focus.wanted.job:
            return True
        return now.seek_id != focus.wanted.seek_id and not plan.reads_frame(now.frame)
