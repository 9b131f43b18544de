"""What is kept of a film's analysis between runs."""

from __future__ import annotations

import contextlib
import hashlib
import logging
import os
import tempfile
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from platformdirs import user_cache_path

from seamline.analysis.kept_arrays import read_arrays
from seamline.analysis.run_report import RunReport
from seamline.analysis.signals import Signals
from seamline.analysis.stage import SignalBlock, Stage
from seamline.errors import MediaError
from seamline.media.timebase import FrameIndex

_log = logging.getLogger(__name__)
_INDEX_VERSION = 2  # of damaged films and films without times, some numbers were wrong in 1


def default_cache_folder() -> Path:
    """Where this system keeps what can be computed again."""
    return user_cache_path("seamline", appauthor=False)


class AnalysisCache:
    """Frame indices and stage results, one folder a film fingerprint.

    A result's file name holds the stage's name, version and key: another model finds nothing of the old
    one. Files are written to a temporary name, then renamed. What cannot be read counts as not there; what
    cannot be written is logged and computed again next time.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = (folder or default_cache_folder()) / "films"
        self.write_error: str | None = None
        """Why a write failed, for the user; None while all is well."""

    def film_folder(self, fingerprint: str) -> Path:
        """Where everything about that film lies, thumbnails included. Raises MediaError for what is no fingerprint."""
        if not (fingerprint.isascii() and fingerprint.isalnum()):  # it may come from a stranger's file
            raise MediaError(f"“{fingerprint[:80]}” is no fingerprint of a film: open the film itself.")
        return self._folder / fingerprint

    def load_index(self, film_fingerprint: str) -> FrameIndex | None:
        arrays = read_arrays(self._index_path(film_fingerprint))
        try:
            numbers = [int(number) for number in arrays["numbers"]]
            time_base, rate = Fraction(*numbers[0:2]), Fraction(*numbers[2:4])
            return FrameIndex(arrays["pts"], time_base, rate, arrays["keyframes"], numbers[4])
        except (KeyError, IndexError, TypeError, ValueError, ArithmeticError, MediaError):
            return None

    def save_index(self, film_fingerprint: str, index: FrameIndex) -> None:
        numbers = np.array(
            [
                index.time_base.numerator,
                index.time_base.denominator,
                index.rate.numerator,
                index.rate.denominator,
                index.end_pts,
            ],
            np.int64,
        )
        self._write(
            self._index_path(film_fingerprint),
            lambda file: np.savez(file, pts=index.pts, keyframes=index.keyframes, numbers=numbers),
        )

    def load_signals(self, film_fingerprint: str, stage: Stage, signals: Signals) -> None:
        """Put what is known of the stage's curves into `signals`."""
        arrays = read_arrays(self._signals_path(film_fingerprint, stage))
        row = () if stage.signal_width == 1 else (stage.signal_width,)
        held = [arrays[name] for name in stage.signal_names if name in arrays and arrays[name].ndim]
        if len(held) != len(stage.signal_names) or any(array.shape[1:] != row for array in held):
            return
        every = stage.pictures.every_frames
        values = {name: arrays[name].astype(np.float32) for name in stage.signal_names}
        lengths = {len(some) for some in values.values()}
        if len(lengths) == 1 and max(lengths) <= stage.pictures.count(0, signals.frame_count):
            signals.add(SignalBlock(0, values, every))

    def save_signals(self, film_fingerprint: str, stage: Stage, signals: Signals) -> None:
        """Keep what is known of the stage's curves."""
        values: dict[str, Any] = dict(signals.block(stage.signal_names).values)
        if values:
            self._write(self._signals_path(film_fingerprint, stage), lambda file: np.savez(file, **values))

    def load_missing(self, film_fingerprint: str) -> set[int]:
        """The numbers of the frames that are known to have no picture of their own."""
        frames = read_arrays(self._missing_path(film_fingerprint)).get("frames")
        is_list = frames is not None and frames.ndim == 1 and frames.dtype == np.int64
        return {int(frame) for frame in frames} if is_list and frames is not None else set()

    def save_missing(self, film_fingerprint: str, frames: set[int]) -> None:
        numbers = np.array(sorted(frames), np.int64)
        self._write(self._missing_path(film_fingerprint), lambda file: np.savez(file, frames=numbers))

    def load_report(self, film_fingerprint: str) -> RunReport | None:
        """What the film's last analysis ran at, None if that is not known."""
        try:
            return RunReport.from_json(self._report_path(film_fingerprint).read_bytes())
        except (OSError, ValueError, TypeError, KeyError):
            return None

    def save_report(self, film_fingerprint: str, report: RunReport) -> None:
        self._write(self._report_path(film_fingerprint), lambda file: file.write(report.to_json()))

    @property
    def complaint(self) -> str | None:
        """What to tell the user of a write that failed; None while all is well."""
        if self.write_error is None:
            return None
        return (
            f"The analysis could not be kept for next time in “{self._folder}” ({self.write_error}): "
            "free some space there, or allow writing."
        )

    def thumbnail_folder(self, fingerprint: str) -> Path:
        """Where the film's small pictures lie, by frame number; another numbering has another folder."""
        return self.film_folder(fingerprint) / f"thumbnails-{_INDEX_VERSION}"

    def _report_path(self, fingerprint: str) -> Path:
        return self.film_folder(fingerprint) / "run.json"

    def _missing_path(self, fingerprint: str) -> Path:
        return self.film_folder(fingerprint) / f"missing-{_INDEX_VERSION}.npz"

    def _index_path(self, fingerprint: str) -> Path:
        return self.film_folder(fingerprint) / f"index-{_INDEX_VERSION}.npz"

    def _signals_path(self, fingerprint: str, stage: Stage) -> Path:
        key = hashlib.blake2b(stage.key.encode(), digest_size=6).hexdigest()
        return self.film_folder(fingerprint) / f"{stage.name}-{stage.version}-{key}-{_INDEX_VERSION}.npz"

    def _write(self, path: Path, save: Callable[[BinaryIO], object]) -> None:
        temporary = None
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            descriptor, name = tempfile.mkstemp(prefix=path.stem, suffix=".part", dir=path.parent)
            temporary = Path(name)
            with os.fdopen(descriptor, "wb") as file:
                save(file)
            temporary.replace(path)
        except OSError as error:
            self.write_error = self.write_error or error.strerror or str(error)
            _log.warning("The analysis could not be kept in %s: %s", path.parent, error)
            if temporary is not None:
                with contextlib.suppress(OSError):
                    temporary.unlink()
