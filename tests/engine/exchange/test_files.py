"""Files are written whole or not at all, whatever fails."""

from __future__ import annotations

import errno
import os
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from seamline.errors import ExchangeError
from seamline.exchange.files import check_target, write_text_atomically


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def failing(code: int) -> Callable[..., None]:
    def fail(*_arguments: object, **_options: object) -> None:
        raise OSError(code, os.strerror(code))

    return fail


def test_the_text_arrives_byte_for_byte(tmp_path: Path) -> None:
    target = tmp_path / "Für Elise.edl"
    check_target(target, False)
    assert names_in(tmp_path) == []
    write_text_atomically(target, "ä\r\nb\n", overwrite=False)
    assert target.read_bytes() == "ä\r\nb\n".encode()
    assert names_in(tmp_path) == ["Für Elise.edl"]


def test_an_existing_file_is_replaced_only_when_allowed(tmp_path: Path) -> None:
    target = tmp_path / "list.edl"
    target.write_text("old")
    with pytest.raises(ExchangeError, match=r"list.edl” exists already: choose another name, or allow"):
        check_target(target, False)
    with pytest.raises(ExchangeError, match=r"list.edl” exists already"):
        write_text_atomically(target, "new", overwrite=False)
    assert target.read_text() == "old"
    check_target(target, True)
    assert target.read_text() == "old"
    write_text_atomically(target, "new", overwrite=True)
    assert target.read_text() == "new"
    assert names_in(tmp_path) == ["list.edl"]


def test_a_file_that_appears_meanwhile_is_not_touched(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "list.edl"
    real_fsync = os.fsync

    def fsync(descriptor: int) -> None:
        real_fsync(descriptor)
        target.write_text("somebody else's")

    monkeypatch.setattr(os, "fsync", fsync)
    with pytest.raises(ExchangeError, match="exists already"):
        write_text_atomically(target, "ours", overwrite=False)
    assert target.read_text() == "somebody else's"
    assert names_in(tmp_path) == ["list.edl"]


def test_disks_without_hard_links_are_written_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "link", failing(errno.EPERM))
    target = tmp_path / "list.edl"
    write_text_atomically(target, "text", overwrite=False)
    assert target.read_text() == "text"
    with pytest.raises(ExchangeError, match="exists already"):
        write_text_atomically(target, "other", overwrite=False)
    monkeypatch.setattr(Path, "replace", failing(errno.EIO))
    with pytest.raises(ExchangeError, match="was not written"):
        write_text_atomically(tmp_path / "second.edl", "text", overwrite=False)
    assert names_in(tmp_path) == ["list.edl"]


@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        (errno.ENOSPC, r"disk is full.*Free some space or choose another folder\."),
        (errno.EFBIG, r"disk is full"),
        (errno.EACCES, r"you may not write in that folder\. Choose another folder"),
        (errno.EROFS, r"you may not write"),
        (errno.EIO, r"Choose another folder, or try again\."),
    ],
)
@pytest.mark.parametrize("overwrite", [False, True])
@pytest.mark.parametrize("place", ["open", "fsync", "replace"])
def test_a_failure_leaves_the_target_and_no_temporary_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int, sentence: str, overwrite: bool, place: str
) -> None:
    target = tmp_path / "list.edl"
    if overwrite:
        target.write_text("old")
    if place == "open":
        monkeypatch.setattr(Path, "open", failing(code))
    elif place == "fsync":
        monkeypatch.setattr(os, "fsync", failing(code))
    else:
        monkeypatch.setattr(Path, "replace", failing(code))
        monkeypatch.setattr(os, "link", failing(code))
    with pytest.raises(ExchangeError, match=rf"list.edl” was not written: .*{sentence}"):
        write_text_atomically(target, "new", overwrite=overwrite)
    monkeypatch.undo()
    assert names_in(tmp_path) == (["list.edl"] if overwrite else [])
    assert not overwrite or target.read_text() == "old"


def test_an_interruption_leaves_no_temporary_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(_descriptor: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", interrupt)
    with pytest.raises(KeyboardInterrupt):
        write_text_atomically(tmp_path / "list.edl", "text", overwrite=False)
    assert names_in(tmp_path) == []


if sys.platform != "win32":

    def test_a_file_system_that_takes_no_more_bytes(tmp_path: Path) -> None:
        """A real limit, set by the system on a process of its own: the write stops half-way."""
        target = tmp_path / "list.edl"
        target.write_text("old")
        script = (
            "import resource, sys\n"
            "from pathlib import Path\n"
            "from seamline.errors import ExchangeError\n"
            "from seamline.exchange.files import write_text_atomically\n"
            "resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, 10_000))\n"
            "try:\n"
            "    write_text_atomically(Path(sys.argv[1]), 'x' * 1_000_000, overwrite=True)\n"
            "except ExchangeError as error:\n"
            "    print(ascii(str(error)))\n"
        )
        result = subprocess.run(
            [sys.executable, "-B", "-c", script, str(target)], capture_output=True, text=True, check=True
        )
        assert "was not written: the disk is full" in result.stdout
        assert target.read_text() == "old"
        assert names_in(tmp_path) == ["list.edl"]

    def test_a_link_is_written_through(tmp_path: Path) -> None:
        (tmp_path / "lists").mkdir()
        target = tmp_path / "lists" / "list.edl"
        target.write_text("old")
        target.chmod(0o640)
        link = tmp_path / "link.edl"
        link.symlink_to(target)
        write_text_atomically(link, "new", overwrite=True)
        assert link.is_symlink()
        assert target.read_text() == "new"
        assert stat.S_IMODE(target.stat().st_mode) == 0o640

    def test_a_device_is_never_replaced(tmp_path: Path) -> None:
        pipe = tmp_path / "pipe"
        os.mkfifo(pipe)
        with pytest.raises(ExchangeError, match="pipe” is not a regular file: choose another name"):
            check_target(pipe, True)
        assert stat.S_ISFIFO(pipe.stat().st_mode)


@pytest.mark.parametrize("overwrite", [False, True])
@pytest.mark.parametrize("call", [check_target, lambda p, o: write_text_atomically(p, "text", overwrite=o)])
def test_impossible_places_are_refused_before_any_work(
    tmp_path: Path, overwrite: bool, call: Callable[[Path, bool], None]
) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").write_text("")
    with pytest.raises(ExchangeError, match="folder” is a folder: add a file name"):
        call(tmp_path / "folder", overwrite)
    with pytest.raises(ExchangeError, match=r"there is no folder “.*none”\. Create it or choose another"):
        call(tmp_path / "none" / "list.edl", overwrite)
    with pytest.raises(ExchangeError, match="there is no folder"):
        call(tmp_path / "file" / "list.edl", overwrite)
    with pytest.raises(ExchangeError, match=r"was not written|cannot be written"):
        call(tmp_path / ("x" * 300 + ".edl"), overwrite)
    assert names_in(tmp_path) == ["file", "folder"]


def test_a_folder_that_takes_no_file_is_found_out_early(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Path, "open", failing(errno.EACCES))
    with pytest.raises(ExchangeError, match="you may not write in that folder"):
        check_target(tmp_path / "list.edl", False)


def test_a_write_protected_file_is_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "list.edl"
    target.write_text("old")
    # permission bits mean nothing to a superuser: have the system say no
    monkeypatch.setattr(os, "access", lambda _path, _mode: False)
    with pytest.raises(ExchangeError, match="write-protected: choose another name"):
        check_target(target, True)
    assert target.read_text() == "old"


def test_the_film_is_never_written_over(tmp_path: Path) -> None:
    film = tmp_path / "film.mov"
    film.write_text("film")
    detour = tmp_path / "." / "film.mov"
    with pytest.raises(ExchangeError, match="is the film itself"):
        check_target(detour, True, sources=(film,))
    with pytest.raises(ExchangeError, match="is the film itself"):
        write_text_atomically(detour, "text", overwrite=True, sources=(film,))
    assert film.read_text() == "film"


def test_a_name_may_be_as_long_as_names_can_be(tmp_path: Path) -> None:
    target = tmp_path / ("x" * 251 + ".edl")
    check_target(target, False)
    write_text_atomically(target, "text", overwrite=False)
    assert target.read_text() == "text"
