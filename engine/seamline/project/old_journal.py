"""The steps as Seamline stored them before it had project files: a line of JSON each. Only read, never written."""

from __future__ import annotations

import json
import logging
from pathlib import Path

from seamline.errors import ProjectError
from seamline.project.contents import BAD_RECORD, MAX_EDITS, Contents
from seamline.project.edit_records import edit_of
from seamline.project.edits import Edit

_log = logging.getLogger(__name__)
_VERSION = 1
_MAX_BYTES = 64 << 20


def read_old_journal(path: Path) -> Contents:
    """The steps up to the first line that makes no sense; a torn last line is none. Raises OSError or ProjectError."""
    if path.stat().st_size > _MAX_BYTES:
        raise ProjectError(f"Your earlier corrections in “{path}” are too large to read: move the file away.")
    lines = path.read_text(encoding="utf-8", errors="replace").splitlines(keepends=True)
    torn = bool(lines) and not lines[-1].endswith("\n")
    edits: list[Edit] = []
    done = lost = 0
    for number, line in enumerate(lines):
        try:
            record = json.loads(line)
            if number == 0:
                if record != {"seamline-edits": _VERSION}:
                    raise ValueError("another version")
            elif "undo" in record:
                done = _moved(done - 1, edits)
            elif "redo" in record:
                done = _moved(done + 1, edits)
            else:
                edit = edit_of(record)
                del edits[done:]
                edits.append(edit)
                done = _moved(done + 1, edits)
        except BAD_RECORD as error:
            _log.warning("line %d of %s: %s", number + 1, path.name, error)
            lost = len(lines) - number - (torn and number == len(lines) - 1)
            break
    return Contents(None, tuple(edits), done, lost_steps=lost)


def _moved(done: int, edits: list[Edit]) -> int:
    if not 0 <= done <= len(edits) <= MAX_EDITS:
        raise ValueError("there is nothing to undo or redo")
    return done
