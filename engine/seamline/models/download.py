"""Downloads one file: resumed where it was broken off, verified, and from the places alone that were named.

Nothing here is called unless the user has asked for that very network.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx2

from seamline.errors import ModelError
from seamline.models.card import ModelCard
from seamline.models.download_line import FURTHER_TRIES_AFTER_S, Broken, Line
from seamline.models.download_part import Part
from seamline.models.store_files import cannot_store, check_space
from seamline.progress import CancellableProgress, Progress


@dataclass(frozen=True, slots=True)
class Wanted:
    """One file: where it is, where its server (`base`) may redirect to, and what it must be."""

    address: str
    base: str
    hosts: tuple[str, ...]
    sha256: str
    size_bytes: int


def fetch_file(wanted: Wanted, path: Path, card: ModelCard, progress: Progress | None = None) -> None:
    """Have the file at `path`, whole and verified; what has come of it before lies there already.

    `progress` counts bytes, the last of them when all are verified. Raises ModelError, or Cancelled; a later call
    goes on from there. Nobody else may write there meanwhile.
    """
    progress = progress or CancellableProgress()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        part = Part(path, wanted.sha256, wanted.size_bytes)
        check_space(path.parent, wanted.size_bytes - part.size_bytes, card)
        _fetch_into(part, wanted, card, progress)
        progress.step(wanted.size_bytes, wanted.size_bytes)
    except OSError as error:
        raise cannot_store(card, path.parent, error) from error


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
    most_bytes = part.size_bytes  # only what goes beyond it is progress, so that this comes to an end
    tries, has_restarted = 0, False
    with Line(wanted.base, wanted.hosts, card.name, progress) as line:
        while True:
            try:
                was_resumed = part.size_bytes > 0
                if part.size_bytes < wanted.size_bytes:
                    _go_on(part, wanted, line, card, progress)
                if part.sha256 == wanted.sha256:
                    return
                part.discard()
                if not was_resumed or has_restarted:
                    raise _differs(card, wanted, "another sha256 than the published one")
                # the beginning may have been of another file, or damaged on the disk: all of it once more
                has_restarted = True
            except Broken as fault:
                if part.size_bytes > most_bytes:
                    most_bytes, tries = part.size_bytes, 0
                if tries == len(FURTHER_TRIES_AFTER_S):
                    raise fault.told() from fault
                line.wait(FURTHER_TRIES_AFTER_S[tries])
                tries += 1


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
        if part.size_bytes and start == 0 and total != wanted.size_bytes:
            # somebody in between, such as a page to log in at: no reason to throw away what has come
            raise Broken(line.name, "something else than the file was answered")
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
                if part.size_bytes < wanted.size_bytes:
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
