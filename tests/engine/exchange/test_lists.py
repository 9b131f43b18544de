"""Every list by its suffix to its reader; what is none is refused in a sentence."""

from __future__ import annotations

import os
import sys
import time
import zipfile
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from types import ModuleType

import pytest

from seamline.errors import ExchangeError
from seamline.exchange.cut_list import CutList
from seamline.exchange.edl import write_edl
from seamline.exchange.lists import MOST_BYTES, SUFFIXES, check_suffix, read_list
from seamline.exchange.otio import write_otio
from seamline.project.types import Project, Seam

RATE = Fraction(25)
Asked = list[tuple[str, bytes, dict[str, object]]]


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Asked:
    """Which reader was asked, with what: in place of each stands one that reads nothing."""
    calls: Asked = []
    readers = {
        "edl_reader": "read_edl",
        "xmeml_reader": "read_xmeml",
        "fcpxml_reader": "read_fcpxml",
        "otio_reader": "read_otio",
        "csv_reader": "read_csv_list",
    }
    for module_name, name in readers.items():

        def read(data: bytes, reader: str = name, **options: object) -> CutList:
            calls.append((reader, data, options))
            return CutList("", reader, None, None, ())

        module = ModuleType(module_name)
        setattr(module, name, read)
        monkeypatch.setitem(sys.modules, f"seamline.exchange.{module_name}", module)
    return calls


XMEML = b'<?xml version="1.0"?>\n<!DOCTYPE xmeml>\n<!-- <fcpxml> --><xmeml version="4">'
FCPXML = b'\xef\xbb\xbf<?xml version="1.0"?><!DOCTYPE fcpxml><fcpxml version="1.9">'


@pytest.mark.parametrize(
    ("name", "data", "reader"),
    [
        ("a.edl", b"001", "read_edl"),
        ("A.EDL", b"001", "read_edl"),
        ("a.txt", b"title: Reel\r\n", "read_edl"),
        ("a.xml", XMEML, "read_xmeml"),
        ("a.xml", FCPXML, "read_fcpxml"),
        ("a.xml", FCPXML.decode("utf-8-sig").encode("utf-16"), "read_fcpxml"),
        ("a.xml", b"<fx:fcpxml xmlns:fx='urn:x'/>", "read_fcpxml"),
        ("a.xml", b'<!DOCTYPE xmeml [<!ENTITY a "b">]><xmeml version="&a;"/>', "read_xmeml"),
        ("a.fcpxml", b"anything", "read_fcpxml"),
        ("a.fcpxmld", b"anything", "read_fcpxml"),
        ("a.otio", b"{}", "read_otio"),
        ("a.csv", b"x", "read_csv_list"),
        ("a.tsv", b"x", "read_csv_list"),
        ("a.txt", b"x", "read_csv_list"),
        ("a.txt", "title: Reel\r\n".encode("utf-16"), "read_edl"),
    ],
)
def test_each_goes_to_its_reader(asked: Asked, tmp_path: Path, name: str, data: bytes, reader: str) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    assert read_list(path, rate=RATE, drop_frame=True).format_name == reader
    options: dict[str, object] = {}
    if reader == "read_edl":
        options = {"rate": RATE, "drop_frame": True}
    elif reader == "read_csv_list":
        options = {"rate": RATE}
    assert asked == [(reader, data, options)]


def test_a_bundle_is_read_by_what_lies_in_it(asked: Asked, tmp_path: Path) -> None:
    bundle = tmp_path / "cut.fcpxmld"
    bundle.mkdir()
    with pytest.raises(ExchangeError, match=r"Info\.fcpxml” cannot be read"):
        read_list(bundle, rate=RATE)
    (bundle / "Info.fcpxml").write_bytes(FCPXML)
    read_list(bundle, rate=RATE)
    assert asked == [("read_fcpxml", FCPXML, {})]


@pytest.mark.skipif(sys.platform == "win32", reason="links need a permission there")
def test_a_bundle_cannot_have_another_file_read(asked: Asked, tmp_path: Path) -> None:
    bundle, secret = tmp_path / "cut.fcpxmld", tmp_path / "secret"
    bundle.mkdir()
    secret.write_bytes(FCPXML)
    (bundle / "Info.fcpxml").symlink_to(secret)
    with pytest.raises(ExchangeError, match="leads out of its folder"):
        read_list(bundle, rate=RATE)
    assert not asked


def test_an_otioz_is_unpacked(asked: Asked, tmp_path: Path) -> None:
    path = tmp_path / "cut.otioz"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("content.otio", "{}")
        archive.writestr("media/film.mov", "none")
    read_list(path, rate=RATE)
    assert asked == [("read_otio", b"{}", {})]


def test_what_unpacks_to_too_much_is_refused(asked: Asked, tmp_path: Path) -> None:
    path = tmp_path / "cut.otioz"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr("content.otio", b"\0" * (MOST_BYTES + 1))
    assert path.stat().st_size < MOST_BYTES // 50
    with pytest.raises(ExchangeError, match="more than 64 MB"):
        read_list(path, rate=RATE)
    large = tmp_path / "cut.edl"
    with large.open("wb") as file:
        file.truncate(MOST_BYTES + 1)
    with pytest.raises(ExchangeError, match="more than 64 MB"):
        read_list(large, rate=RATE)
    assert not asked


def test_an_archive_of_very_many_files_is_refused_at_once(asked: Asked, tmp_path: Path) -> None:
    path = tmp_path / "cut.otioz"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("content.otio", "{}")
        for number in range(1000):
            archive.writestr(f"media/{number}.mov", "")
    read_list(path, rate=RATE)
    assert len(asked) == 1
    # the directory alone is made longer: what is read of it is bounded before it is taken apart
    with zipfile.ZipFile(path, "a") as archive:
        archive.comment = b"c" * 100
        for number in range(80):
            entry = zipfile.ZipInfo(f"{number:03d}" + "n" * 60_000)
            archive.writestr(entry, "")
    with pytest.raises(ExchangeError, match=r"cut\.otioz.*more files than"):
        read_list(path, rate=RATE)
    assert len(asked) == 1


def test_a_large_timeline_in_an_archive_is_read(asked: Asked, tmp_path: Path) -> None:
    path = tmp_path / "cut.otioz"
    content = b"{" + b" " * (8 << 20) + b"}"
    for compression in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        with zipfile.ZipFile(path, "w", compression) as archive:
            archive.writestr("content.otio", content)
        read_list(path, rate=RATE)
    assert [data == content for _, data, _ in asked] == [True, True]


def test_a_damaged_archive_is_a_sentence(asked: Asked, tmp_path: Path) -> None:
    path = tmp_path / "cut.otioz"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("content.otio", os.urandom(200) + b"{}" * 500)
    whole = path.read_bytes()
    outcomes = set()
    for at in range(len(whole)):
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 0xFF]) + whole[at + 1 :])
        try:
            read_list(path, rate=RATE)
        except ExchangeError as error:
            outcomes.add(str(error).split("cut.otioz")[1].split("(")[0])
    assert "” is not a whole .otioz archive " in outcomes
    for data in (b"", b"PK\3\4", whole[:40]):
        path.write_bytes(data)
        with pytest.raises(ExchangeError, match=r"is not a whole \.otioz"):
            read_list(path, rate=RATE)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("other.otio", "{}")
    with pytest.raises(ExchangeError, match=r"holds no content\.otio"):
        read_list(path, rate=RATE)


@pytest.mark.parametrize("name", ["cut.aaf", "cut", "cut.edl.zip", ".edl"])
def test_an_unknown_suffix_is_told_what_is_read(tmp_path: Path, name: str) -> None:
    with pytest.raises(ExchangeError) as caught:
        check_suffix(tmp_path / name)
    assert name in str(caught.value)
    assert all(suffix in str(caught.value) for suffix in SUFFIXES)


@pytest.mark.parametrize("data", [b"", b"<html></html>", b"no XML", b"<!-- <xmeml> -->"])
def test_another_xml_is_refused(asked: Asked, tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "page.xml"
    path.write_bytes(data)
    with pytest.raises(ExchangeError, match=r"page\.xml.* neither .*fcpxml.*xmeml"):
        read_list(path, rate=RATE)


@pytest.mark.parametrize("data", [b"<!--" * 20_000, b"<?" * 40_000, b"<!-- " * 20_000, b"<" * 80_000])
def test_the_root_of_damaged_xml_is_looked_for_at_once(asked: Asked, tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "page.xml"
    path.write_bytes(data)
    begun = time.monotonic()
    with pytest.raises(ExchangeError, match="neither"):
        read_list(path, rate=RATE)
    assert time.monotonic() - begun < 1
    assert not asked


def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ExchangeError, match=r"none\.edl” cannot be read"):
        read_list(tmp_path / "none.edl", rate=RATE)
    folder = tmp_path / "folder.edl"
    folder.mkdir()
    with pytest.raises(ExchangeError, match="is not a file"):
        read_list(folder, rate=RATE)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes")
def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.edl")
    with pytest.raises(ExchangeError, match="is not a file"):
        read_list(tmp_path / "pipe.edl", rate=RATE)


@pytest.mark.parametrize(("suffix", "write"), [(".edl", write_edl), (".otio", write_otio)])
def test_our_own_lists_are_read(
    make_project: Callable[..., Project],
    cut: Callable[..., Seam],
    tmp_path: Path,
    suffix: str,
    write: Callable[[Project], str],
) -> None:
    project = make_project([cut(30), cut(60)])
    path = tmp_path / f"cut{suffix}"
    path.write_bytes(write(project).encode())
    cut_list = read_list(path, rate=RATE)
    first = project.first_timecode_frame
    starts = [event.record_start - first for event in cut_list.events]
    assert starts == [0, 30, 60]


def test_a_readers_complaint_names_the_file(tmp_path: Path) -> None:
    path = tmp_path / "empty.edl"
    path.write_bytes(b"TITLE: Nothing\r\n")
    with pytest.raises(ExchangeError, match=r"^“.*empty\.edl”: "):
        read_list(path, rate=RATE)
