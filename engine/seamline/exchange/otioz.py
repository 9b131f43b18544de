"""OpenTimelineIO bundles: the timeline in a zip file, with the film in it or without."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path
from typing import IO

import opentimelineio as otio

from seamline.errors import ExchangeError
from seamline.exchange.files import written_whole
from seamline.exchange.names import clean_text
from seamline.exchange.otio import write_otio
from seamline.progress import Progress
from seamline.project.types import Project

# the layout that OpenTimelineIO's own bundles have had since 0.12 (its adapter “otioz”)
_VERSION_FILE, _VERSION = "version.txt", "1.0.0"
_TIMELINE_FILE = "content.otio"
_MEDIA_FOLDER = "media"

_STAMP = (1980, 1, 1, 0, 0, 0)  # the same cut list gives the same bundle
_BLOCK_BYTES = 4 << 20


def write_otioz(
    project: Project,
    path: Path,
    *,
    overwrite: bool = False,
    with_film: bool = False,
    progress: Progress | None = None,
) -> None:
    """The timeline of `write_otio` as a bundle at `path`, written whole or not at all.

    With the film, the bundle holds its file as it is, uncompressed, and its clips refer to that copy: it can
    be carried to another machine, and is as large as the film. Without it, the clips refer to the film where
    it lies now. OpenTimelineIO reads such a bundle, but writes none itself (it copies the media, or marks them
    missing), and it holds nothing that a plain `.otio` does not. Raises ExchangeError, and Cancelled.
    """
    film = project.film.path
    media_name = f"{_MEDIA_FOLDER}/{clean_text(film.name)}"
    text = write_otio(project)
    if with_film:
        text = _relinked(text, _address(media_name))
    with (
        written_whole(path, overwrite=overwrite, sources=(film,)) as part,
        zipfile.ZipFile(part, "x") as bundle,
    ):
        _add_text(bundle, _VERSION_FILE, _VERSION)
        _add_text(bundle, _TIMELINE_FILE, text)
        if with_film:
            _add_film(bundle, media_name, film, progress)


def _relinked(text: str, url: str) -> str:
    timeline = otio.adapters.read_from_string(text, "otio_json")
    for clip in timeline.find_clips():
        clip.media_reference.target_url = url
    return str(timeline.to_json_string(indent=2)) + "\n"


def _address(name: str) -> str:
    """`name` as OpenTimelineIO writes it, with spaces and accents; but what it then reads wrongly is escaped."""
    return re.sub("[%#?]", lambda sign: f"%{ord(sign[0]):02X}", name)


def _add_text(bundle: zipfile.ZipFile, name: str, text: str) -> None:
    entry = _entry(name, zipfile.ZIP_DEFLATED)
    bundle.writestr(entry, text.encode())


def _add_film(bundle: zipfile.ZipFile, name: str, film: Path, progress: Progress | None) -> None:
    try:
        source = film.open("rb")
    except OSError as error:
        raise ExchangeError(
            f"“{film}” cannot be put into the bundle ({error.strerror or error}): export without the film, "
            "or bring it back to where it was."
        ) from error
    with source:
        total = film.stat().st_size
        entry = _entry(name, zipfile.ZIP_STORED)
        # the size decides whether the entry needs the large form
        entry.file_size = total
        with bundle.open(entry, "w") as target:
            _copy(source, target, total, progress)


def _copy(source: IO[bytes], target: IO[bytes], total: int, progress: Progress | None) -> None:
    done = 0
    while block := source.read(_BLOCK_BYTES):
        target.write(block)
        done += len(block)
        if progress is not None:
            progress.step(min(done, total), total)


def _entry(name: str, compression: int) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, _STAMP)
    entry.compress_type = compression
    entry.external_attr = 0o644 << 16
    return entry
