"""The map of the open film's frames: from the film's folder in the cache, else arranged by t-SNE."""

from __future__ import annotations

import contextlib
import hashlib
import logging
import subprocess
import sys
import threading
from pathlib import Path

from PySide6.QtCore import QObject, QSaveFile, Signal

from seamline.analysis.frame_map import MAX_POINTS, FrameMap
from seamline.analysis.segmentation import FilmContent
from seamline.analysis.stages import embedding_stage
from seamline.errors import Cancelled, SeamlineError
from seamline.media.film import Film
from seamline.progress import Progress
from seamline_app.jobs.map_process import map_of, question
from seamline_app.jobs.task_thread import TaskThread

_log = logging.getLogger(__name__)
_VERSION = 1
_PROGRAM = ("-m", "seamline_app.jobs.map_process")


class MapError(SeamlineError):
    """The map cannot be drawn."""


class MapJob(QObject):
    """Arranges the frames of one film at a time.

    `mapped(FrameMap)`, `failed(sentence)` or `cancelled` ends what `start` began.
    """

    mapped = Signal(object)
    failed = Signal(str)
    cancelled = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._thread = TaskThread("frame-map", self)
        self._thread.done.connect(self.mapped)
        self._thread.failed.connect(self.failed)
        self._thread.cancelled.connect(self.cancelled)

    @property
    def is_running(self) -> bool:
        return self._thread.is_running

    def start(self, content: FilmContent, path: Path) -> None:
        """Map what is known of a film, and keep the map at `path`, where it may lie already."""
        self._thread.run(lambda progress: _map_kept(content, path, progress))

    def cancel(self) -> None:
        self._thread.cancel()

    def drop(self) -> None:
        """Stop, and have no word of it."""
        self._thread.drop()

    def close(self) -> None:
        """Stop, and join the thread."""
        self._thread.close()


def map_path(film: Film, content: FilmContent, folder: Path) -> Path:
    """Where the map of so much of the film lies in its folder: other embeddings have another name."""
    stage = embedding_stage(film)
    made_of = f"{stage.key} {stage.version} {content.sampling.frame_count} {MAX_POINTS}"
    return folder / f"map-{_VERSION}-{hashlib.blake2b(made_of.encode(), digest_size=6).hexdigest()}.npz"


def _map_kept(content: FilmContent, path: Path, progress: Progress) -> FrameMap:
    try:
        frame_map = map_of(path.read_bytes())
        if len(frame_map.frames) and frame_map.frames.max() < content.sampling.frame_count:
            return frame_map
    except FileNotFoundError:
        pass
    except Exception as error:  # noqa: BLE001  a damaged archive raises whatever zlib, zipfile and numpy think of
        _log.warning("%s cannot be used and will be made again: %s", path.name, error)
    data = _arranged(question(content.embeddings, content.sampling), progress)
    frame_map = map_of(data)
    _keep(data, path)
    return frame_map


def _arranged(data: bytes, progress: Progress) -> bytes:
    """The process's answer. Raises MapError, or Cancelled with the process ended."""
    try:
        process = subprocess.Popen(
            [sys.executable, *_PROGRAM], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
    except OSError as error:
        raise MapError(
            f"The map cannot be drawn: no process can be started ({error}). Close a program or two."
        ) from error
    was_cancelled = threading.Event()

    def interrupt() -> None:
        was_cancelled.set()
        with contextlib.suppress(OSError):
            process.kill()

    take_back = progress.on_cancel(interrupt)
    try:
        with process:
            answer, complaints = process.communicate(data)
    finally:
        take_back()
    if was_cancelled.is_set():
        raise Cancelled
    if process.returncode or not answer:
        _log.error("mapping: %s", complaints.decode(errors="replace"))
        raise MapError(
            f"The map was not drawn: its process ended early (exit status {process.returncode}). "
            "Close other programs if memory is short, then try again; the log has the details."
        )
    return answer


def _keep(data: bytes, path: Path) -> None:
    """The map for next time, whole or not at all; a full disk costs time only."""
    with contextlib.suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
    file = QSaveFile(str(path))
    if not (file.open(QSaveFile.OpenModeFlag.WriteOnly) and file.write(data) == len(data) and file.commit()):
        file.cancelWriting()
        _log.info("the map was not kept: %s", file.errorString())
