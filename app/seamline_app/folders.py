"""Where Seamline keeps things on this system."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from platformdirs import user_config_path, user_log_path

from seamline.analysis.cache import default_cache_folder
from seamline.project.journal import default_journal_folder


@dataclass(frozen=True, slots=True)
class Folders:
    """`cache` can be thrown away at any time; `edits` is the user's work; `settings` and `log` are small."""

    cache: Path
    edits: Path
    settings: Path
    log: Path

    @classmethod
    def of_this_system(cls) -> Folders:
        return cls(
            default_cache_folder(),
            default_journal_folder(),
            user_config_path("seamline", appauthor=False),
            user_log_path("seamline", appauthor=False),
        )

    @classmethod
    def under(cls, folder: Path) -> Folders:
        """All of them in one folder."""
        return cls(folder / "cache", folder / "edits", folder / "settings", folder / "log")
