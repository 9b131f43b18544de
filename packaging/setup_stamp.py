"""What a finished set-up was made for: compared, it says which steps are left to do."""

from __future__ import annotations

import hashlib
import json
import os
import platform
import sys
from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Literal

Level = Literal["run", "test"]


@dataclass(frozen=True)
class Layout:
    """Where things lie in the project at `root`."""

    root: Path

    @property
    def venv(self) -> Path:
        """The environment's folder."""
        return self.root / ".venv"

    @property
    def stamp(self) -> Path:
        """Holds the `Stamp` of the steps done so far."""
        return self.venv / "setup-stamp.json"

    @property
    def unfinished(self) -> Path:
        """Exists while packages are being installed; found at the start, it tells of an interruption."""
        return self.venv / "setup-unfinished"

    @property
    def lock(self) -> Path:
        """Locked by the one set-up that works here; inside .venv so that the checkout stays clean."""
        return self.venv / "setup-lock"

    @property
    def log(self) -> Path:
        """What the installers said, whole."""
        return self.venv / "setup-log.txt"

    @property
    def constraints(self) -> Path:
        """The pinned versions."""
        return self.root / "packaging" / "constraints.txt"

    @property
    def debian_packages(self) -> Path:
        """The system libraries by Debian's names."""
        return self.root / "packaging" / "debian-packages.txt"

    @property
    def installed_models(self) -> Path:
        """Where the set-up's networks are."""
        return self.venv / "share" / "seamline" / "models"

    def program(self, name: str) -> Path:
        """Path of the environment's program `name`, whether or not it exists."""
        if os.name == "nt":
            return self.venv / "Scripts" / f"{name}.exe"
        return self.venv / "bin" / name


@dataclass(frozen=True)
class Stamp:
    """The state a set-up leaves; an empty text means that this step was not done."""

    interpreter: str = ""
    level: Level = "run"
    packages: str = ""
    models: str = ""
    missing_libraries: tuple[str, ...] = ()

    @classmethod
    def load(cls, path: Path) -> Stamp:
        """The stamp at `path`; an empty one where there is none or it cannot be read."""
        try:
            data = json.loads(path.read_text("utf-8"))
            known = {field.name: data[field.name] for field in fields(cls)}
        except (OSError, ValueError, KeyError, TypeError):
            return cls()
        if known["level"] not in ("run", "test") or not isinstance(known["missing_libraries"], list):
            return cls()
        known["missing_libraries"] = tuple(known["missing_libraries"])
        return cls(**known)

    def save(self, path: Path) -> None:
        """Write the stamp to `path`, whole or not at all."""
        temporary = path.with_name(f"{path.name}.{os.getpid()}")
        temporary.write_text(json.dumps(asdict(self), indent=1), "utf-8")
        temporary.replace(path)

    def covers(self, level: Level) -> bool:
        """Whether a set-up at this stamp's level is enough for `level`."""
        return self.level == "test" or level == "run"


def interpreter_key(layout: Layout) -> str:
    """What makes an environment useless when it changes: Python's minor version, the processor, the place."""
    version = f"{sys.implementation.name} {sys.version_info[0]}.{sys.version_info[1]}"
    return f"{version} {platform.machine()} {layout.root}"


def packages_key(layout: Layout) -> str:
    """Changes with the project's requirements or pins."""
    return digest([layout.root / "pyproject.toml", layout.constraints])


def models_key(layout: Layout) -> str:
    """Changes with the code that knows and converts networks, and when an installed network is touched."""
    sources = digest(sorted((layout.root / "engine" / "seamline" / "models").glob("*.py")))
    installed = []
    if layout.installed_models.is_dir():
        for path in sorted(layout.installed_models.glob("[!.]*")):  # locks are no networks
            status = path.stat()
            installed.append(f"{path.name} {status.st_size} {status.st_mtime_ns}")
    return hashlib.sha256("\n".join([sources, *installed]).encode()).hexdigest()


def digest(paths: Iterable[Path]) -> str:
    """Hexadecimal SHA-256 over the names and contents of `paths`."""
    total = hashlib.sha256()
    for path in paths:
        total.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return total.hexdigest()
