"""Files of the networks on disk: their names, how they are written whole, and what is recorded beside them."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import json
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from seamline.errors import ModelError
from seamline.models.card import LocalFile, ModelCard, WebFile

PART_SUFFIX = ".part"
LOCK_SUFFIX = ".lock"
_SHA256 = re.compile(r"[0-9a-f]{64}")
_STEP_BYTES = 1 << 20
_KEY_OF_OWN = "0" * 12
"""In the names of what the user has made: there is one of it at a time."""


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


def sha256_of(path: Path) -> str:
    """The sha256 of a file in hexadecimal. Raises ModelError when it cannot be read."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise _unreadable(path, error) from error


def has_sha256(path: Path, stated: object) -> bool:
    """Whether the file can be read, and has that one."""
    try:
        return sha256_of(path) == stated
    except ModelError:
        return False


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
        raise _unreadable(path, error) from error


def _unreadable(path: Path, error: OSError) -> ModelError:
    return ModelError(f"“{path}” cannot be read: {error.strerror}. Choose another file.")


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


@contextmanager
def alone(weights: Path, card: ModelCard) -> Iterator[None]:
    """Be the only one that installs or removes these weights, until the end of the block. Raises ModelError.

    The lock's file stays: whoever removed it would let two others lock two files of the same name.
    """
    # it takes some hundredths of a second to import, and only changes need it
    from filelock import FileLock, Timeout

    lock = FileLock(weights.with_name(f".{weights.name}{LOCK_SUFFIX}"), timeout=0)
    try:
        weights.parent.mkdir(parents=True, exist_ok=True)
        lock.acquire()
    except Timeout as error:
        raise ModelError(
            f"Another Seamline is installing {card.name} just now: wait until it has finished."
        ) from error
    except OSError as error:
        raise cannot_store(card, weights.parent, error) from error
    try:
        yield
    finally:
        lock.release()


@contextmanager
def staging(weights: Path, card: ModelCard) -> Iterator[Path]:
    """A new folder beside `weights`, removed at the end of the block with all that is still in it.

    Those that a crash has left are removed first, so the block has to be `alone`. Raises ModelError.
    """
    try:
        _remove(_left_behind(weights))
        folder = Path(tempfile.mkdtemp(prefix=_staging_prefix(weights), dir=weights.parent))
    except OSError as error:
        raise cannot_store(card, weights.parent, error) from error
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def sweep(weights: Path, card: ModelCard) -> None:
    """Remove what installations that were killed have left beside `weights`, unless one is going on just now."""
    if left := _left_behind(weights):
        with contextlib.suppress(ModelError), alone(weights, card):
            _remove(left)


def _left_behind(weights: Path) -> list[Path]:
    return list(weights.parent.glob(f"{_staging_prefix(weights)}*"))


def _remove(folders: list[Path]) -> None:
    for folder in folders:
        shutil.rmtree(folder, ignore_errors=True)


def _staging_prefix(weights: Path) -> str:
    return f".{weights.name}.new-"


def put_in_place(staged: Path, path: Path, card: ModelCard) -> None:
    """Give a finished file the name `path`, in place of what has it now. Raises ModelError."""
    try:
        staged.chmod(0o644)  # other users of a shared environment read it too
        staged.replace(path)
    except OSError as error:
        raise cannot_store(card, path.parent, error) from error


def check_space(directory: Path, size_bytes: int, card: ModelCard) -> None:
    """Raise ModelError unless so much more fits into `directory`; after it the graphs, if any are made."""
    graph_bytes = card.size_bytes if card.graph_bytes is None else card.graph_bytes
    missing = size_bytes + (graph_bytes if card.convert is not None else 0)
    try:
        free = shutil.disk_usage(directory).free
    except OSError as error:
        raise cannot_store(card, directory, error) from error
    if missing > free:
        raise ModelError(
            f"{card.name} needs {missing / 1e6:,.0f} MB in “{directory}”, where {free / 1e6:,.0f} MB are "
            "free: make room there, then install it again."
        )


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
    if isinstance(card.source, LocalFile):
        return _KEY_OF_OWN
    assert isinstance(card.source, WebFile)  # a card without sha256 has no other source
    return card.source.revision[:12]
