"""Steps that an older Seamline stored as lines of JSON are taken over, once."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from edited import cut, files, frames

from seamline.project.edit_records import record_of
from seamline.project.edits import AddSeam
from seamline.project.file import ProjectFile
from seamline.project.journal import Journal
from seamline.project.types import Project

MakeProject = Callable[..., Project]
Reopened = Callable[[Project, Path], ProjectFile]
_HEADER = {"seamline-edits": 1}


def lines(*frames: int) -> list[bytes]:
    records = [_HEADER, *(record_of(AddSeam(cut(frame))) for frame in frames)]
    return [json.dumps(record).encode() + b"\n" for record in records]


def old_file(folder: Path) -> Path:
    return folder / "fedcba9876543210.jsonl"


def backup(folder: Path) -> Path:
    return folder / "fedcba9876543210.backup-0.jsonl"


def test_they_are_taken_over_once_with_undo_and_redo(
    project: MakeProject, tmp_path: Path, reopened: Reopened
) -> None:
    stored = b"".join(
        [*lines(20, 30), b'{"undo": 1}\n', lines(40)[1], b'{"undo": 1}\n{"redo": 1}\n{"undo": 1}\n']
    )
    old_file(tmp_path).write_bytes(stored)
    reader = Journal(project(1000), tmp_path, read_only=True)
    assert frames(reader) == [20]
    assert files(tmp_path) == [old_file(tmp_path)]
    for _ in range(2):
        journal = reopened(project(1000), tmp_path)
        assert (frames(journal), journal.damage) == ([20], None)
        assert journal.history.redo_name == "Add cut"
        assert backup(tmp_path).read_bytes() == stored
        assert len(files(tmp_path)) == 2
    journal.redo()
    assert frames(reopened(project(1000), tmp_path)) == [20, 40]


def test_a_take_over_that_was_cut_off_is_ended(
    project: MakeProject, tmp_path: Path, reopened: Reopened
) -> None:
    reopened(project(1000), tmp_path).do(AddSeam(cut(70)))
    old_file(tmp_path).write_bytes(b"".join(lines(20)))
    assert frames(reopened(project(1000), tmp_path)) == [70]
    assert backup(tmp_path).exists()
    assert not old_file(tmp_path).exists()


@pytest.mark.parametrize("cut_at", range(1, 60, 7))
def test_a_torn_last_line_is_dropped(
    project: MakeProject, tmp_path: Path, reopened: Reopened, cut_at: int
) -> None:
    old_file(tmp_path).write_bytes(b"".join(lines(20, 30))[:-cut_at])
    back = reopened(project(1000), tmp_path)
    assert back.damage is None
    assert frames(back) == ([20, 30] if cut_at == 1 else [20])  # a whole line counts without its end


@pytest.mark.parametrize(
    "garbage",
    [
        b"\x00\xff\xfe garbage",
        b"{}",
        b"[]",
        b"3",
        b"null",
        b"[" * 4000,
        b'{"undo": 1}\n{"undo": 1}\n{"undo": 1}',
        b'{"do": "Burn"}',
        b'{"do": "AddSeam"}',
        b'{"do": "AddSeam", "seam": {"out_frame": 5, "in_frame": 5, "kind": "cut", "confidence": 1, '
        b'"origin": "user", "id": "x"}}',
        b'{"do": "AddSeam", "seam": {"out_frame": "5", "in_frame": 6, "kind": "cut", "confidence": 1, '
        b'"origin": "user", "id": "x"}}',
        b'{"do": "AddSeam", "seam": {"out_frame": 5, "in_frame": 6, "kind": "cut", "confidence": "1", '
        b'"origin": "user", "id": "x"}}',
        b'{"do": "AddSeam", "seam": {"out_frame": 5, "in_frame": 6, "kind": "cut", "confidence": 1, '
        b'"origin": "user", "id": ""}}',
        b'{"do": "SetFilmDetails", "reel": 3, "start_frame": null, "drop_frame": null}',
        b'{"do": "SetFilmDetails", "reel": "A", "start_frame": -1, "drop_frame": null}',
        b'{"do": "SetFilmDetails", "reel": "A", "start_frame": 1e3, "drop_frame": null}',
        b'{"do": "SetFilmDetails", "reel": "A", "start_frame": 9999999999, "drop_frame": null}',
        b'{"do": "SetFilmDetails", "reel": "\\ud800", "start_frame": null, "drop_frame": null}',
        b'{"redo": 1}',
    ],
)
def test_damage_in_the_middle_keeps_what_is_before_it_and_the_file(
    project: MakeProject, tmp_path: Path, reopened: Reopened, garbage: bytes
) -> None:
    first, step, _, last = lines(20, 30, 40)
    damaged = b"".join([first, step, garbage + b"\n", last])
    old_file(tmp_path).write_bytes(damaged)
    back = reopened(project(1000), tmp_path)
    assert frames(back) == ([20] if b"undo" not in garbage else [])
    assert back.damage is not None
    assert "of your earlier steps on this film could not be read back" in back.damage
    assert str(backup(tmp_path)) in back.damage
    assert backup(tmp_path).read_bytes() == damaged
    back.do(AddSeam(cut(70)))
    again = reopened(project(1000), tmp_path)
    assert again.damage is None
    assert frames(again)[-1] == 70


def test_a_file_of_an_unknown_version_is_kept(
    project: MakeProject, tmp_path: Path, reopened: Reopened
) -> None:
    stranger = b'{"seamline-edits": 99}\n{"add": [1, 2]}\n'
    old_file(tmp_path).write_bytes(stranger)
    back = reopened(project(1000), tmp_path)
    assert back.damage is not None
    assert frames(back) == []
    assert backup(tmp_path).read_bytes() == stranger
