"""What is said where a project file is damaged or cannot be written."""

from __future__ import annotations

import sqlite3

from seamline.errors import ProjectError


def damage_text(lost_steps: int | None, lost: tuple[str, ...], *, is_sound: bool) -> str | None:
    """What of a project is lost, as a sentence; None where all could be read and the file is sound."""
    parts = list(lost)
    if lost_steps != 0:
        steps = "Some" if lost_steps is None else str(lost_steps)
        parts.insert(0, f"{steps} of your earlier steps on this film")
    if not parts:
        return None if is_sound else "The file of this project was damaged, but all of it could be read back."
    told = ", ".join(parts[:-1]) + " and " + parts[-1] if parts[1:] else parts[0]
    return f"{told[0].upper()}{told[1:]} could not be read back."


def not_stored(what: str, error: OSError | sqlite3.Error) -> ProjectError:
    return ProjectError(f"{what} ({reason_of(error)}): make room or allow writing there, then do it again.")


def reason_of(error: OSError | sqlite3.Error) -> str:
    return (error.strerror if isinstance(error, OSError) else None) or str(error)
