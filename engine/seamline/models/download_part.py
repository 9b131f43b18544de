"""The beginning of a file that is being downloaded, with what is needed to go on with it another day."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from seamline.models.store_files import read_record, record_path

_STEP_BYTES = 1 << 20


class Part:
    """What has come so far of the file of `wanted_sha256`, hashed as it comes. Raises OSError like any file."""

    def __init__(self, path: Path, wanted_sha256: str, wanted_bytes: int = 0) -> None:
        self.path = path
        self.validator = ""
        self.size_bytes = 0
        self._wanted_sha256 = wanted_sha256
        self._wanted_bytes = wanted_bytes
        self._digest = hashlib.sha256()
        record = read_record(path)
        if record.get("sha256") != wanted_sha256:  # of another revision, or nothing known of it
            self.discard()
            return
        validator = record.get("validator")
        self.validator = validator if isinstance(validator, str) and _is_printable(validator) else ""
        with contextlib.suppress(FileNotFoundError), path.open("rb") as file:
            while step := file.read(_STEP_BYTES):
                self._digest.update(step)
                self.size_bytes += len(step)

    @property
    def sha256(self) -> str:
        """Of what has come so far."""
        return self._digest.hexdigest()

    @contextmanager
    def open(self, *, at: int, validator: str) -> Iterator[Callable[[bytes], None]]:
        """Gives what appends to it; `at` 0 throws away what was there before."""
        if at == 0:
            self.discard()
        self.validator = validator
        record = {"sha256": self._wanted_sha256, "size_bytes": self._wanted_bytes, "validator": validator}
        record_path(self.path).write_text(json.dumps(record), "utf-8")
        with self.path.open("ab") as file:

            def append(step: bytes) -> None:
                file.write(step)
                self._digest.update(step)
                self.size_bytes += len(step)

            yield append
            file.flush()
            os.fsync(file.fileno())

    def discard(self) -> None:
        """Begin with nothing."""
        self.path.unlink(missing_ok=True)
        record_path(self.path).unlink(missing_ok=True)
        self.validator = ""
        self.size_bytes = 0
        self._digest = hashlib.sha256()


def _is_printable(text: str) -> bool:
    return text.isascii() and text.isprintable()
