"""One way to read every cut list: the reader is chosen by the file's suffix, and only then imported."""

from __future__ import annotations

import io
import os
import zipfile
import zlib
from fractions import Fraction
from pathlib import Path

from seamline.errors import ExchangeError
from seamline.exchange.cut_list import CutList
from seamline.exchange.stranger_text import text_of_bytes

SUFFIXES = (".edl", ".xml", ".fcpxml", ".fcpxmld", ".otio", ".otioz", ".csv", ".tsv", ".txt")
MOST_BYTES = 64 * 2**20
_MOST_ZIP_DIRECTORY_BYTES = 4 * 2**20  # some 25,000 media files with long names


def read_list(path: Path, *, rate: Fraction, drop_frame: bool | None = None) -> CutList:
    """The cut list at `path`.

    `rate` and `drop_frame` are how frames count where the format itself does not say so.
    Raises ExchangeError, with the file's name, for what is no list, too large, damaged, or not there.
    """
    check_suffix(path)
    data = _data(path)
    try:
        return _read(path.suffix.lower(), data, rate, drop_frame)
    except ExchangeError as error:
        if path.name in str(error):
            raise
        raise ExchangeError(f"“{path}”: {error}") from error


def check_suffix(path: Path) -> None:
    """Raise ExchangeError unless the file's name is that of a list which is read."""
    if path.suffix.lower() not in SUFFIXES:
        raise ExchangeError(
            f"“{path}” is no cut list that Seamline reads, by its name: it reads {', '.join(SUFFIXES[:-1])} and "
            f"{SUFFIXES[-1]}."
        )


def _read(suffix: str, data: bytes, rate: Fraction, drop_frame: bool | None) -> CutList:
    # each reader has libraries of its own to load, and one file needs one of them
    if suffix == ".edl" or (suffix == ".txt" and _begins_as_edl(data)):
        from seamline.exchange.edl_reader import read_edl

        return read_edl(data, rate=rate, drop_frame=drop_frame)
    if suffix in (".otio", ".otioz"):
        from seamline.exchange.otio_reader import read_otio

        return read_otio(data)
    if suffix in (".csv", ".tsv", ".txt"):
        from seamline.exchange.csv_reader import read_csv_list

        return read_csv_list(data, rate=rate)
    from seamline.exchange.safe_xml import root_name

    root = root_name(data) if suffix == ".xml" else "fcpxml"
    if root == "fcpxml":
        from seamline.exchange.fcpxml_reader import read_fcpxml

        return read_fcpxml(data)
    if root == "xmeml":
        from seamline.exchange.xmeml_reader import read_xmeml

        return read_xmeml(data)
    raise ExchangeError(
        "this XML is neither Final Cut Pro's (fcpxml) nor that of Premiere and Final Cut Pro 7 (xmeml): "
        "export one of these."
    )


def _begins_as_edl(data: bytes) -> bool:
    return text_of_bytes(data[:400]).lstrip()[:6].upper() == "TITLE:"


def _data(path: Path) -> bytes:
    try:
        if path.suffix.lower() == ".fcpxmld" and path.is_dir():
            inside = path / "Info.fcpxml"
            # a folder from elsewhere must not have us read anything but itself
            if path.resolve() not in inside.resolve().parents:
                raise ExchangeError(f"“{inside}” leads out of its folder: export the list again.")
            path = inside
        if path.exists() and not path.is_file():
            raise ExchangeError(f"“{path}” is not a file: choose a cut list.")
        if path.suffix.lower() == ".otioz":
            return _from_zip(path)
        with path.open("rb") as file:
            return _bounded(file.read(MOST_BYTES + 1), path)
    except OSError as error:
        raise ExchangeError(
            f"“{path}” cannot be read ({error.strerror or error}): check the name and its permissions."
        ) from error


class _DirectoryReader(io.FileIO):
    """A file that gives at most `most_bytes` at once, as a zip's directory is read, before each entry is an object."""

    most_bytes = _MOST_ZIP_DIRECTORY_BYTES

    def read(self, size: int | None = -1, /) -> bytes:
        wanted = self.most_bytes + 1 if size is None or size < 0 else size
        if wanted > self.most_bytes and self._left() > self.most_bytes:
            raise ExchangeError(
                f"“{self.name}” lists more files than the longest films have: export the timeline alone."
            )
        return super().read(wanted) or b""

    def _left(self) -> int:
        return os.fstat(self.fileno()).st_size - self.tell()


def _from_zip(path: Path) -> bytes:
    try:
        with _DirectoryReader(path) as raw, zipfile.ZipFile(raw) as archive:
            raw.most_bytes = MOST_BYTES + 2**20  # the directory is read, and what is packed has its own bound
            with archive.open(_plainly_packed(archive)) as file:
                # what the archive says of its size is not believed: no more than this is ever unpacked
                return _bounded(file.read(MOST_BYTES + 1), path)
    except KeyError as error:
        raise ExchangeError(f"“{path}” holds no content.otio: export the list again.") from error
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError) as error:
        raise ExchangeError(f"“{path}” is not a whole .otioz archive ({error}): export it again.") from error


def _plainly_packed(archive: zipfile.ZipFile) -> zipfile.ZipInfo:
    """The timeline in the archive. Raises KeyError, or BadZipFile where it is packed as no exporter does."""
    info = archive.getinfo("content.otio")
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise zipfile.BadZipFile(f"compression {info.compress_type} is not used in these archives")
    return info


def _bounded(data: bytes, path: Path) -> bytes:
    if len(data) > MOST_BYTES:
        raise ExchangeError(
            f"“{path}” holds more than {MOST_BYTES // 2**20} MB, far more than a cut list: choose another."
        )
    return data
