"""Downloads one file: resumed where it was broken off, verified, and from the places alone that were named.

Nothing here is called unless the user has asked for that very network.
"""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx2
from filelock import FileLock, Timeout

from seamline.errors import ModelError
from seamline.models.card import ModelCard
from seamline.models.download_line import FURTHER_TRIES_AFTER_S, Broken, Line
from seamline.models.download_part import Part
from seamline.models.store_files import cannot_store, part_path
from seamline.progress import CancellableProgress, Progress


@dataclass(frozen=True, slots=True)
class Wanted:
    """One file: where it is, where its server (`base`) may redirect to, and what it must be."""

    address: str
    base: str
    hosts: tuple[str, ...]
    sha256: str
    size_bytes: int


def fetch_file(wanted: Wanted, target: Path, card: ModelCard, progress: Progress | None = None) -> None:
    """Have the file at `target`, verified; what has come of it so far lies beside it in a `.part` file.

    `progress` counts bytes. Raises ModelError, or Cancelled; a later call goes on from there.
    """
    progress = progress or CancellableProgress()
    path = part_path(target)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with _alone(path, card):
            part = Part(path, wanted.sha256)
            _check_space(wanted, part, card)
            _fetch_into(part, wanted, card, progress)
            part.become(target)
    except OSError as error:
        raise cannot_store(card, target.parent, error) from error


def fetch_text(
    address: str,
    base: str,
    hosts: tuple[str, ...],
    limit_bytes: int,
    card: ModelCard,
    progress: Progress | None = None,
) -> bytes:
    """A short text, of at most `limit_bytes`. Raises ModelError or Cancelled."""
    with Line(base, hosts, card.name, progress or CancellableProgress()) as line:
        for last in _tries(line):
            try:
                with line.get(address) as response:
                    content = b""
                    for step in line.steps(response):
                        content += step
                        if len(content) > limit_bytes:
                            raise ModelError(
                                f"What {card.name} should be is stated in more than {limit_bytes:,} bytes at "
                                f"{address}: that is something else; nothing was downloaded."
                            )
                    return content
            except Broken as fault:
                if last:
                    raise fault.told() from fault
    raise AssertionError("the last try returns or raises")


def _fetch_into(part: Part, wanted: Wanted, card: ModelCard, progress: Progress) -> None:
    with Line(wanted.base, wanted.hosts, card.name, progress) as line:
        for last in _tries(line):
            try:
                was_resumed = part.size_bytes > 0
                if part.size_bytes < wanted.size_bytes:
                    _go_on(part, wanted, line, card, progress)
                if part.sha256 == wanted.sha256:
                    return
                part.discard()
                if not was_resumed or last:
                    raise _differs(card, wanted, "another sha256 than the published one")
                # the beginning may have been of another file, or damaged on the disk: all of it once more
            except Broken as fault:
                if last:
                    raise fault.told() from fault


def _go_on(part: Part, wanted: Wanted, line: Line, card: ModelCard, progress: Progress) -> None:
    """Append what is missing of the file to `part`. Raises Broken where the connection ends before that."""
    headers = {}
    if part.size_bytes:
        headers["Range"] = f"bytes={part.size_bytes}-"
        if part.validator:
            headers["If-Range"] = part.validator
    with line.get(wanted.address, headers, also=(206, 416)) as response:
        if response.status_code == 416:
            part.discard()
            raise Broken(line.name, "the server has not as much of the file as is here already")
        start, total = _extent(response)
        validator = _validator(response)
        if response.status_code == 206 and (start != part.size_bytes or validator != part.validator):
            part.discard()
            raise Broken(line.name, "the file has changed since the beginning of it came")
        if total is not None and total != wanted.size_bytes:
            part.discard()
            raise _differs(card, wanted, f"{total:,} bytes")
        with part.open(at=start, validator=validator) as append:
            progress.step(part.size_bytes, wanted.size_bytes)
            for step in line.steps(response):
                if part.size_bytes + len(step) > wanted.size_bytes:
                    part.discard()
                    raise _differs(card, wanted, f"more than {wanted.size_bytes:,} bytes")
                append(step)
                progress.step(part.size_bytes, wanted.size_bytes)
    if part.size_bytes < wanted.size_bytes:
        raise Broken(line.name, "the connection ended early")


def _extent(response: httpx2.Response) -> tuple[int, int | None]:
    """Where in the file the answer begins, and how long the file is, if that is told."""
    if response.status_code == 206:
        unit, _, rest = response.headers.get("Content-Range", "").partition(" ")
        span, _, total = rest.partition("/")
        first, _, _ = span.partition("-")
        if unit != "bytes" or not first.isdecimal():
            return -1, None
        return int(first), int(total) if total.isdecimal() else None
    length = response.headers.get("Content-Length", "")
    return 0, int(length) if length.isdecimal() else None


def _validator(response: httpx2.Response) -> str:
    """What a later request names in If-Range, so that it goes on only with the same file (RFC 9110, 13.1.5)."""
    etag = str(response.headers.get("ETag", ""))
    return "" if etag.startswith("W/") else etag


def _tries(line: Line) -> Iterator[bool]:
    """One pass for each try, with a pause between them; says which is the last."""
    for pause_s in FURTHER_TRIES_AFTER_S:
        yield False
        line.wait(pause_s)
    yield True


def _differs(card: ModelCard, wanted: Wanted, how: str) -> ModelError:
    return ModelError(
        f"What lies at {wanted.address} is not the published file of {card.name} of {wanted.size_bytes:,} bytes: "
        f"it has {how}; nothing was installed."
    )


def _check_space(wanted: Wanted, part: Part, card: ModelCard) -> None:
    free = shutil.disk_usage(part.path.parent).free
    missing = wanted.size_bytes - part.size_bytes
    if missing > free:
        raise ModelError(
            f"{card.name} needs {missing / 1e6:,.0f} MB in “{part.path.parent}”, where {free / 1e6:,.0f} MB are "
            "free: make room there, then install it again."
        )


@contextlib.contextmanager
def _alone(path: Path, card: ModelCard) -> Iterator[None]:
    lock = FileLock(path.with_name(f".{path.name}.lock"), timeout=0)
    try:
        lock.acquire()
    except Timeout as error:
        raise ModelError(
            f"Another Seamline is downloading {card.name} just now: wait until it has finished."
        ) from error
    try:
        yield
    finally:
        lock.release()
        with contextlib.suppress(OSError):
            Path(lock.lock_file).unlink(missing_ok=True)
