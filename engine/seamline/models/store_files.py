"""Files of the networks on disk: their names, how they are written whole, and what is recorded beside them."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import json
import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from seamline.errors import ModelError
from seamline.models.card import ModelCard, WebFile

PART_SUFFIX = ".part"
_SHA256 = re.compile(r"[0-9a-f]{64}")
_STEP_BYTES = 1 << 20


def weights_path(directory: Path, card: ModelCard) -> Path:
    """Where the published weights of `card` lie in `directory`."""
    return directory / f"{card.weights_id or card.id}-{_key(card)}{card.source.suffix}"


def graph_path(directory: Path, card: ModelCard) -> Path:
    """Where the graph converted from them lies."""
    return directory / f"{card.id}-{_key(card)}-graph{card.graph_version}.onnx"


def part_path(weights: Path) -> Path:
    """Where the beginning of a download that was broken off is kept."""
    return weights.with_name(weights.name + PART_SUFFIX)


def record_path(path: Path) -> Path:
    """The small file beside `path` with what was verified of it."""
    return path.with_name(f"{path.name}.json")


def read_record(path: Path) -> dict[str, object]:
    """What is recorded beside `path`; empty where that is missing or damaged."""
    try:
        record = json.loads(record_path(path).read_bytes())
    except (OSError, ValueError, RecursionError):
        return {}
    return record if isinstance(record, dict) else {}


def stated_sha256(directory: Path, card: ModelCard) -> str | None:
    """The sha256 that the weights in `directory` must have: the card's, or the one recorded at installation."""
    if card.sha256 is not None:
        return card.sha256
    recorded = read_record(weights_path(directory, card)).get("sha256")
    return recorded if isinstance(recorded, str) and _SHA256.fullmatch(recorded) else None


def sha256_of(path: Path) -> str | None:
    """The sha256 of a file, None if it cannot be read."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return None


def write_whole(path: Path, content: bytes, card: ModelCard) -> None:
    """Have `content` at `path`, whole or not at all. Raises ModelError."""
    with writing(path, card) as temporary, temporary.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def copy_whole(source: Path, path: Path, card: ModelCard, *, must_be: str | None) -> str:
    """Copy a file to `path`, whole or not at all; gives its sha256, which is `must_be` if that is given.

    Raises ModelError.
    """
    digest = hashlib.sha256()
    with writing(path, card) as temporary:
        with temporary.open("wb") as file:
            for step in _steps_of(source):
                digest.update(step)
                file.write(step)
            file.flush()
            os.fsync(file.fileno())
        found = digest.hexdigest()
        if must_be is not None and must_be != found:
            raise ModelError(
                f"“{source.name}” is not the published file of {card.name} (sha256 {found[:12]}… instead of "
                f"{must_be[:12]}…); nothing was installed. Choose {card.source.shown}."
            )
    return found


def _steps_of(path: Path) -> Iterator[bytes]:
    try:
        with path.open("rb") as file:
            while step := file.read(_STEP_BYTES):
                yield step
    except OSError as error:
        raise ModelError(f"“{path}” cannot be read: {error.strerror}. Choose another file.") from error


@contextmanager
def writing(path: Path, card: ModelCard) -> Iterator[Path]:
    """A new file that takes the place of `path` at the end of the block, if nothing fails. Raises ModelError."""
    temporary = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
        os.close(handle)
        temporary = Path(name)
        yield temporary
        temporary.chmod(0o644)  # mkstemp keeps it from other users of a shared environment
        temporary.replace(path)
    except OSError as error:
        raise cannot_store(card, path.parent, error) from error
    finally:
        if temporary is not None:
            with contextlib.suppress(OSError):
                temporary.unlink(missing_ok=True)


def cannot_store(card: ModelCard, directory: Path, error: OSError) -> ModelError:
    """What is said when the disk is full, or the folder may not be written."""
    reason = "the disk is full" if error.errno == errno.ENOSPC else error.strerror
    return ModelError(
        f"The network {card.name} cannot be stored in “{directory}”: {reason}. "
        "Free some space or allow writing there, then try again."
    )


def _key(card: ModelCard) -> str:
    if card.sha256 is not None:
        return card.sha256[:12]
    assert isinstance(card.source, WebFile)  # a card without sha256 has no other source
    return card.source.revision[:12]
