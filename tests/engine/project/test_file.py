"""Project files: saved under a name, of every version and in every state, from whoever they come."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from edited import changed, cut, files, filled, frames, with_an_interrupted_step

from seamline.errors import ProjectError
from seamline.project import schema
from seamline.project.database import connect
from seamline.project.edits import AddSeam, DeleteSeam
from seamline.project.file import ProjectFile
from seamline.project.journal import Journal
from seamline.project.locating import FilmMissingError, film_of_project
from seamline.project.types import Origin, Project, Seam, SeamKind

MakeProject = Callable[..., Project]
Reopened = Callable[[Project, Path], ProjectFile]
NewFile = Callable[..., Path]


class TestSaving:
    def test_all_of_it_is_in_the_copy_and_steps_go_there(
        self, project: MakeProject, tmp_path: Path, reopened: Reopened
    ) -> None:
        base = project(1000, cut(50, Origin.ANALYSIS), cut(60, Origin.ANALYSIS))
        journal = filled(reopened(base, tmp_path / "own"))
        journal.remember(base.proposals, 1000)
        journal.set_setting("segments", {"min_s": 2.0})
        path = tmp_path / "Ä b%20#?.seamline"
        journal.save_as(path)
        assert journal.path == path
        own = (tmp_path / "own" / "fedcba9876543210.seamline").read_bytes()
        journal.redo()
        back = reopened(base, path)
        assert back.project == journal.project
        assert (back.last_proposals, back.settings) == (base.proposals, {"segments": {"min_s": 2.0}})
        assert (tmp_path / "own" / "fedcba9876543210.seamline").read_bytes() == own
        assert files(tmp_path) == [path]

    def test_the_old_place_is_free_and_the_new_one_is_held(
        self, project: MakeProject, tmp_path: Path, reopened: Reopened
    ) -> None:
        base = project(1000)
        journal = reopened(base, tmp_path / "own")
        journal.save_as(tmp_path / "film.seamline")
        for other, is_elsewhere in (
            (Journal(base, tmp_path / "own"), False),
            (ProjectFile(base, tmp_path / "film.seamline"), True),
        ):
            assert other.is_elsewhere is is_elsewhere
            other.close()

    def test_one_that_is_open_elsewhere_is_not_written_over(
        self, project: MakeProject, tmp_path: Path, new_file: NewFile, reopened: Reopened
    ) -> None:
        base = project(1000)
        path = new_file(base)
        holder = ProjectFile(base, path)
        journal = reopened(base, tmp_path / "own")
        with pytest.raises(ProjectError, match="open in another window"):
            journal.save_as(path)
        journal.do(AddSeam(cut(20)))  # where it was
        holder.do(AddSeam(cut(30)))
        holder.close()
        journal.save_as(path)
        assert frames(reopened(base, path)) == [20]

    def test_what_an_interrupted_step_left_there_does_not_come_back(
        self, project: MakeProject, tmp_path: Path, new_file: NewFile, reopened: Reopened
    ) -> None:
        base = project(1000)
        path = new_file(base)
        ProjectFile(base, path).do(AddSeam(cut(30)))
        left = with_an_interrupted_step(path)
        journal = reopened(base, tmp_path / "own")
        journal.do(AddSeam(cut(20)))
        journal.save_as(path)
        assert not left.exists()
        assert frames(reopened(base, path)) == [20]

    def test_what_a_killed_process_left_half_written_is_no_hindrance(
        self, project: MakeProject, tmp_path: Path, reopened: Reopened, new_file: NewFile
    ) -> None:
        part = tmp_path / ".film.seamline.part"
        part.write_bytes(new_file(project(1000), "other.seamline").read_bytes())
        with_an_interrupted_step(part)
        journal = reopened(project(1000), tmp_path / "own")
        journal.do(AddSeam(cut(20)))
        journal.save_as(tmp_path / "film.seamline")
        assert frames(reopened(project(1000), tmp_path / "film.seamline")) == [20]
        assert [path.name for path in files(tmp_path)] == ["film.seamline", "other.seamline"]

    def test_it_is_told_where_that_fails(
        self, project: MakeProject, tmp_path: Path, reopened: Reopened
    ) -> None:
        journal = reopened(project(1000), tmp_path / "own")
        with pytest.raises(ProjectError, match=r"was not written: there is no folder"):
            journal.save_as(tmp_path / "no such folder" / "film.seamline")
        (tmp_path / "folder.seamline").mkdir()
        with pytest.raises(ProjectError, match=r"was not written .*, then do it again\.$"):
            journal.save_as(tmp_path / "folder.seamline")
        assert sorted(path.name for path in tmp_path.iterdir() if path.suffix != ".lock") == [
            "folder.seamline",
            "own",
        ]
        journal.do(AddSeam(cut(20)))
        assert journal.path.parent == tmp_path / "own"


def test_an_interrupted_step_is_taken_back(
    project: MakeProject, new_file: NewFile, reopened: Reopened
) -> None:
    base = project(1000)
    path = new_file(base)
    ProjectFile(base, path).do(AddSeam(cut(30)))
    left = with_an_interrupted_step(path)
    there = path.read_bytes(), left.read_bytes()
    reader = ProjectFile(base, path, read_only=True)
    assert (frames(reader), reader.damage) == ([30], None)
    assert (path.read_bytes(), left.read_bytes()) == there  # reading changes nothing
    window = reopened(base, path)
    assert (frames(window), window.damage) == ([30], None)
    assert not left.exists()


def test_each_step_waits_for_the_disk(new_file: NewFile, project: MakeProject) -> None:
    connection = connect(new_file(project(10)), "rw")
    asked = {name: connection.execute(f"PRAGMA {name}").fetchone()[0] for name in
             ("synchronous", "journal_mode", "trusted_schema", "cell_size_check", "mmap_size")}  # fmt: skip
    connection.close()
    assert asked == {
        "synchronous": 3,  # EXTRA: FULL, and the deletion of the rollback journal
        "journal_mode": "delete",
        "trusted_schema": 0,
        "cell_size_check": 1,
        "mmap_size": 0,
    }


class TestVersions:
    @pytest.fixture
    def newer(self, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
        """The next Seamline, whose films have a note."""
        step = ("ALTER TABLE film ADD COLUMN note TEXT", "UPDATE film SET note = 'taken over'")
        monkeypatch.setattr(schema, "MIGRATIONS", (*schema.MIGRATIONS, step))
        schema.expected_objects.cache_clear()
        yield
        schema.expected_objects.cache_clear()

    @pytest.fixture
    def old(self, project: MakeProject, new_file: NewFile) -> Path:
        path = new_file(project(1000))
        file = ProjectFile(project(1000), path)
        file.do(AddSeam(cut(20)))
        file.close()
        return path

    def test_an_older_file_is_brought_up_and_a_copy_kept(
        self, project: MakeProject, old: Path, reopened: Reopened, request: pytest.FixtureRequest
    ) -> None:
        before, version = old.read_bytes(), schema.newest_version()
        request.getfixturevalue("newer")
        reader = ProjectFile(project(1000), old, read_only=True)
        assert frames(reader) == [20]
        assert files(old.parent) == [old]
        assert old.read_bytes() == before
        window = reopened(project(1000), old)
        assert (frames(window), window.damage) == ([20], None)
        assert old.with_name(f"film.version-{version}-0.seamline").read_bytes() == before
        assert int.from_bytes(old.read_bytes()[60:64], "big") == version + 1

    def test_a_newer_one_is_refused(
        self, project: MakeProject, old: Path, reopened: Reopened, tmp_path: Path
    ) -> None:
        changed(old, f"PRAGMA user_version = {schema.newest_version() + 1}")
        before = old.read_bytes()
        own = tmp_path / "own" / "fedcba9876543210.seamline"
        own.write_bytes(before)
        for place in (old, own.parent):
            with pytest.raises(ProjectError, match=r"written by a newer Seamline .*: update Seamline"):
                reopened(project(1000), place)
        assert (old.read_bytes(), own.read_bytes()) == (before, before)


class TestDamage:
    @pytest.fixture
    def path(self, project: MakeProject, new_file: NewFile) -> Path:
        """Three cuts and what was proposed."""
        base = project(1000, Seam(500, 501))
        path = new_file(base)
        file = ProjectFile(base, path)
        for frame in (20, 30, 40):
            file.do(AddSeam(cut(frame)))
        file.remember(base.proposals, 1000)
        file.close()
        return path

    @pytest.mark.parametrize(
        ("statement", "said", "left"),
        [
            ("UPDATE edits SET record = replace(record, '29', '28') WHERE number = 2", "2 of your", [20]),
            ("UPDATE edits SET record = '[[[' WHERE number = 2", "2 of your", [20]),
            ("UPDATE edits SET record = x'00' WHERE number = 3", "1 of your", [20, 30]),
            ("DELETE FROM edits WHERE number = 2", "1 of your", [20]),
            ("UPDATE edits SET checksum = 'a' WHERE number = 1", "3 of your", []),
            ("UPDATE state SET done = 9", "Some of your", [20, 30, 40]),
            ("UPDATE state SET done = -1", "Which steps were undone", [20, 30, 40]),
            ("DELETE FROM state", "Which steps were undone", [20, 30, 40]),
            ("UPDATE proposals SET kind = 'burn'", "The seams found so far", [20, 30, 40]),
            ("UPDATE proposals SET confidence = 9e999", "The seams found so far", [20, 30, 40]),
            ("INSERT INTO settings VALUES ('a', 'b')", "The project's settings", [20, 30, 40]),
            ("UPDATE film SET rate = '1/0'", "Which film the project is about", [20, 30, 40]),
        ],
    )
    def test_what_can_be_read_is_and_the_rest_is_kept_aside(
        self, project: MakeProject, path: Path, reopened: Reopened, statement: str, said: str, left: list[int]
    ) -> None:
        changed(path, statement)
        damaged = path.read_bytes()
        back = reopened(project(1000), path)
        assert frames(back) == left
        assert back.damage is not None
        assert back.damage.startswith(said)
        aside = path.with_name("film.damaged-0.seamline")
        assert str(aside) in back.damage
        assert aside.read_bytes() == damaged
        back.do(AddSeam(cut(70)))
        again = reopened(project(1000), path)
        assert again.damage is None
        assert frames(again) == [*left, 70]
        assert film_reference_is_whole(path)

    def test_a_second_one_does_not_overwrite_the_first(
        self, project: MakeProject, path: Path, reopened: Reopened
    ) -> None:
        for _ in range(2):
            changed(path, "DELETE FROM state")
            assert reopened(project(1000), path).damage
            changed(path, "UPDATE state SET done = 2")
        kept = [each.name for each in files(path.parent)]
        assert kept == ["film.damaged-0.seamline", "film.damaged-1.seamline", "film.seamline"]

    @pytest.mark.parametrize("at", [0, 100])
    def test_one_of_which_nothing_can_be_read(
        self, project: MakeProject, path: Path, reopened: Reopened, tmp_path: Path, at: int
    ) -> None:
        destroyed = bytearray(path.read_bytes())
        destroyed[at : at + 16] = bytes(16)
        path.write_bytes(destroyed)
        with pytest.raises(ProjectError, match=r"copy of it\.$"):
            reopened(project(1000), path)
        assert path.read_bytes() == destroyed
        own = tmp_path / "own" / "fedcba9876543210.seamline"
        own.write_bytes(destroyed)
        journal = reopened(project(1000), own.parent)  # the film itself can be worked on all the same
        assert journal.damage is not None
        assert journal.damage.startswith("Some of your earlier steps on this film could not be read back.")
        assert own.with_name("fedcba9876543210.damaged-0.seamline").read_bytes() == destroyed
        journal.do(AddSeam(cut(70)))
        assert frames(reopened(project(1000), own.parent)) == [70]


def film_reference_is_whole(path: Path) -> bool:
    with pytest.raises(FilmMissingError) as missing:
        film_of_project(path)  # of a film on paper
    return missing.value.reference is not None


class TestTheFilm:
    def test_one_of_another_length_does_not_fit(
        self, project: MakeProject, new_file: NewFile, reopened: Reopened
    ) -> None:
        path = new_file(project(1000))
        before = path.read_bytes()
        with pytest.raises(ProjectError, match=r"has 900 frames and the film of “film.seamline” has 1000"):
            reopened(project(900), path)
        assert path.read_bytes() == before

    def test_linking_another_one_is_no_step(
        self, project: MakeProject, new_file: NewFile, reopened: Reopened
    ) -> None:
        path = new_file(project(1000))
        reopened(project(1000), path).do(AddSeam(cut(20)))
        film = project(1000).film
        moved = replace(film, info=replace(film.info, path=Path("/elsewhere/b.mov")), fingerprint="ab" * 16)
        back = reopened(Project(moved), path)
        assert (frames(back), back.damage, back.history.undo_name) == ([20], None, "Add cut")
        with pytest.raises(FilmMissingError) as missing:
            film_of_project(path)
        assert missing.value.reference is not None
        assert missing.value.reference.fingerprint == "ab" * 16
        assert missing.value.reference.name == "b.mov"
        assert "/elsewhere/b.mov" in str(missing.value)


def test_no_step_is_taken_that_could_not_be_read_back(
    project: MakeProject, new_file: NewFile, reopened: Reopened, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = new_file(project(10**7))
    file = reopened(project(10**7), path)
    with pytest.raises(ProjectError, match="could not be stored"):
        file.do(DeleteSeam(Seam(0, 6_000_000, SeamKind.FADE)))
    file.do(AddSeam(cut(20)))
    monkeypatch.setattr("seamline.project.contents.MAX_EDITS", 1)
    with pytest.raises(ProjectError, match="could not be stored"):
        file.do(AddSeam(cut(30)))
    assert frames(reopened(project(10**7), path)) == [20]


def test_settings_are_json_of_some_size(project: MakeProject, new_file: NewFile, reopened: Reopened) -> None:
    path = new_file(project(1000))
    file = reopened(project(1000), path)
    for value in (object(), float("nan"), "x" * 5000):
        with pytest.raises(ProjectError, match="cannot be stored"):
            file.set_setting("a", value)
    for number in range(199):
        file.set_setting(str(number), number)
    file.set_setting("a", [1, None, "ü"])
    with pytest.raises(ProjectError, match="200 already"):
        file.set_setting("b", 1)
    assert reopened(project(1000), path).settings["a"] == [1, None, "ü"]
