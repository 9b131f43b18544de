"""`seamline match`: pairs ranked as text, table and JSON, what was kept in the window, and the string-out."""

from __future__ import annotations

import csv
import io
import json
import shutil
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from seamline.analysis.match_finder import MatchRule
from seamline.analysis.signals import Signals
from seamline.media.film import Film
from seamline.media.open_film import open_film
from seamline.project.edits import AddSeam
from seamline.project.journal import Journal
from seamline.project.match_cuts import JudgedPair, MatchKind, MatchPair, MatchSide, Verdict
from seamline.project.match_edits import judge_match
from seamline.project.matches import Matches
from seamline.project.stored_matches import write_matches
from seamline.project.types import Project, Seam, SeamKind
from seamline_app.commands import match as match_command
from seamline_app.commands.match_films import MatchedFilm

if TYPE_CHECKING:
    from conftest import Result
    from films import FilmShelf

Run = Callable[..., "Result"]


class Finder:
    """Pairs each shot with the one behind it, and says by which rule it was asked."""

    def __init__(self) -> None:
        self.rules: list[MatchRule] = []
        self.asked: list[tuple[object, object]] = []
        self.seams: list[Seam] = [Seam(24, 25), Seam(59, 60)]

    def find(self, tails: Any, heads: Any, *, rule: MatchRule, **_: object) -> tuple[MatchPair, ...]:
        self.rules.append(rule)
        self.asked.append((tails[2], heads[2]))
        pairs = [
            pair(tails[0], out, heads[0], into, 0.9 - 0.1 * at)
            for at, (out, into) in enumerate(zip(tails[1], heads[1][1:], strict=False))
        ]
        return tuple(pairs[: rule.limit])

    def cuts(self, edges: Any, seams: Sequence[Seam], **_: object) -> tuple[tuple[Seam, MatchPair], ...]:
        name, shots, _at = edges
        return tuple(
            (seam, pair(name, out, name, into, score))
            for seam, out, into, score in zip(seams, shots, shots[1:], (0.6, 0.8), strict=False)
        )


def pair(out_film: str, out: tuple[int, int], in_film: str, into: tuple[int, int], score: float) -> MatchPair:
    return MatchPair(
        MatchSide(out_film, *out, out[1] - 1),
        MatchSide(in_film, *into, into[0]),
        MatchKind.MOTION,
        score,
        0.25,
        score,
        0.5,
        "Pan left at the same speed",
    )


@pytest.fixture
def finder(monkeypatch: pytest.MonkeyPatch) -> Finder:
    """In place of the engine; films have cuts at 25 and 60."""
    finder = Finder()

    def matched(film: Film, *_: object) -> MatchedFilm:
        project = Project(film, tuple(finder.seams), analysed_frames=film.frame_count)
        return MatchedFilm(project, Signals(film.frame_count), None, None)  # type: ignore[arg-type]

    def edges(film: MatchedFilm, position: str | None = None) -> object:
        shots = [shot.range for shot in film.project.shots]
        return film.project.film.fingerprint, shots, position

    monkeypatch.setattr(match_command, "open_siamese", lambda: None)
    monkeypatch.setattr(match_command, "matched_film", matched)
    monkeypatch.setattr(match_command, "find_matches", finder.find)
    monkeypatch.setattr(match_command, "matching_cuts", finder.cuts)
    monkeypatch.setattr(MatchedFilm, "edges", edges)
    monkeypatch.setattr(MatchedFilm, "edges_at", edges)
    return finder


@pytest.fixture
def run(in_process: Callable[[Sequence[object]], Result], finder: Finder) -> Run:
    return lambda *arguments: in_process(["match", *arguments])


@pytest.fixture
def film(films: FilmShelf, tmp_path: Path) -> Path:
    """Timecode from 10:00:00:00."""
    return Path(shutil.copy(films("mov_timecode").path, tmp_path / "take 1.mov"))


@pytest.fixture
def second(films: FilmShelf, tmp_path: Path) -> Path:
    return Path(shutil.copy(films("mp4").path, tmp_path / "take 2.mp4"))


def test_pairs_in_columns(run: Run, film: Path) -> None:
    result = run(film)
    assert result.code == 0
    assert result.output.splitlines() == [
        "#  out of  at           into    at           score  kind    why",
        "1  shot 1  10:00:00:24  shot 2  10:00:01:00   0.90  motion  Pan left at the same speed",
        "2  shot 2  10:00:02:09  shot 3  10:00:02:10   0.80  motion  Pan left at the same speed",
    ]


def test_the_same_as_table_and_json(run: Run, film: Path, second: Path) -> None:
    rows = list(csv.DictReader(io.StringIO(run(film, second, "--format", "csv").output)))
    pairs = json.loads(run(film, second, "--format", "json").output)["pairs"]
    assert [(row["out_film"], row["in_film"], row["in_frame"]) for row in rows] == [
        ("take 1.mov", "take 2.mp4", "25"),
        ("take 2.mp4", "take 1.mov", "25"),
        ("take 1.mov", "take 2.mp4", "60"),
        ("take 2.mp4", "take 1.mov", "60"),
    ]
    for row, found in zip(rows, pairs, strict=True):
        outgoing, incoming = found.pop("outgoing"), found.pop("incoming")
        flat = {
            "rank": found.pop("rank"),
            **{f"out_{name}": value for name, value in outgoing.items()},
            **{f"in_{name}": value for name, value in incoming.items()},
            **found,
        }
        assert {name: str(value) for name, value in flat.items()} == row


def test_two_films_are_matched_both_ways_as_in_the_window(
    run: Run, film: Path, second: Path, finder: Finder
) -> None:
    def found(*options: object) -> list[tuple[str, str]]:
        rows = csv.DictReader(io.StringIO(run(film, second, *options, "--format", "csv").output))
        return [(row["out_film"][5], row["in_film"][5]) for row in rows]

    assert found() == [("1", "2"), ("2", "1"), ("1", "2"), ("2", "1")]  # best first, whichever way
    assert found("--limit", 3) == [("1", "2"), ("2", "1"), ("1", "2")]
    assert found("--one-way") == [("1", "2"), ("1", "2")]
    asked = len(finder.rules)
    assert found("--from", "30") == [("1", "2"), ("1", "2")]  # a frame is of one side
    assert len(finder.rules) == asked + 1


def test_which_pairs_go_into_the_string_out_and_in_which_order(
    run: Run, film: Path, second: Path, tmp_path: Path
) -> None:
    target = tmp_path / "pairs.edl"

    def reels(*options: object) -> list[str]:
        assert run(film, second, "--out", target, "--force", *options).code == 0
        return [line[-5] for line in target.read_text("ascii").splitlines() if "FROM CLIP NAME" in line][::2]

    assert reels() == ["1", "2", "1", "2"]
    assert reels("--order", "film") == ["1", "1", "2", "2"]
    assert reels("--order", "film", "--only", "3, 1") == ["2", "1"]
    assert reels("--only", "2") == ["2"]
    result = run(film, second, "--out", target, "--force", "--only", "5")
    assert (result.code, result.said.splitlines()[-1]) == (
        2,
        "seamline: --only names pair 5, and the list has 4 pairs: nothing was written.",
    )


def test_options_are_passed_on(run: Run, film: Path, second: Path, finder: Finder) -> None:
    assert run(film, "--kind", "frame", "--limit", 1, "--all").output.count("\n") == 2
    rule = finder.rules[-1]
    assert (rule.limit, rule.kinds, rule.leaves_out_same_setup, rule.leaves_out_alike) == (
        1,
        {MatchKind.FRAME},
        False,
        False,
    )
    run(film, "--from", "10:00:01:05")
    run(film, "--into", "30")
    assert finder.asked[-2:] == [("10:00:01:05", None), (None, "30")]
    for position in ("--from", "--into"):  # between two films, too
        lines = run(film, second, position, "30").output.splitlines()
        assert "take 1.mov, shot 1" in lines[1]
        assert "take 2.mp4, shot 2" in lines[1]
    assert finder.asked[-2:] == [("30", None), (None, "30")]


def test_the_films_own_cuts(run: Run, film: Path) -> None:
    lines = run(film, "--cuts").output.splitlines()
    assert [line.split()[7] for line in lines[1:]] == ["0.60", "0.80"]  # in the film's order
    assert "0.80" in run(film, "--cuts", "--limit", 1).output.splitlines()[1]
    assert run(film, "--cuts", "--kind", "frame").said.startswith("None of the film's own cuts")


def test_a_gradual_seam_is_no_match_cut(run: Run, film: Path, finder: Finder) -> None:
    finder.seams = [Seam(24, 30, SeamKind.DISSOLVE)]
    assert run(film, "--cuts").said.startswith("None of the film's own cuts")
    finder.seams.append(Seam(59, 60))
    assert run(film, "--cuts").output.count("\n") == 1 + 1


def test_what_was_said_in_the_window_is_told_and_heeded(run: Run, film: Path, tmp_path: Path) -> None:
    project = Project(open_film(film))
    name = project.film.fingerprint
    first, other = pair(name, (0, 25), name, (25, 60), 0.9), pair(name, (25, 60), name, (60, 100), 0.8)
    assert run(film, "--kept").said.startswith("No such pair of these films was kept")
    with closing(Journal(project)) as journal:
        journal.do(AddSeam(Seam(70, 71)))
        journal.do(judge_match(project, JudgedPair(first, Verdict.REJECTED), "Reject match cut"))
        journal.do(judge_match(project, JudgedPair(other, Verdict.KEPT, "the door"), "Keep match cut"))
    result = run(film, "--out", tmp_path / "pairs.edl")
    assert [line.split("speed")[1] for line in result.output.splitlines()[1:]] == [
        " (rejected)",
        " (kept) – the door",
    ]
    assert result.said == f"Wrote {tmp_path / 'pairs.edl'}"
    written = (tmp_path / "pairs.edl").read_text("ascii")
    assert written.count("* FROM CLIP NAME: take 1.mov") == 2  # not the one that was rejected
    assert "10:00:01:00 10:00:02:10 01:00:00:00 01:00:01:10" in written
    assert run(film, "--kept").output.count("\n") == 2


def keep(film: Path, *pairs: MatchPair, films: dict[str, Path] | None = None, note: str = "") -> None:
    """Have the window keep these."""
    say(film, *(JudgedPair(each, Verdict.KEPT, note) for each in pairs), films=films)


def say(film: Path, *judged: JudgedPair, films: dict[str, Path] | None = None) -> None:
    """Have that said in the window, one after the other."""
    project = Project(open_film(film))
    with closing(Journal(project)) as journal:
        for each in judged:
            journal.do(judge_match(project, each, "Judge match cut", films))


def test_all_that_is_kept_is_listed_unless_a_limit_or_kind_is_given(run: Run, film: Path) -> None:
    name = open_film(film).fingerprint
    pairs = [pair(name, (at, at + 2), name, (60, 100), 0.5) for at in range(25)]
    keep(film, *pairs, replace(pairs[0], outgoing=MatchSide(name, 40, 50, 49), kind=MatchKind.FRAME))
    assert run(film, "--kept").output.count("\n") == 1 + 26
    assert run(film, "--kept", "--limit", 3).output.count("\n") == 1 + 3
    best = replace(pairs[3], outgoing=MatchSide(name, 40, 56, 55), score_01=0.99)
    keep(film, best)
    assert "0.99" not in run(film, "--kept", "--limit", 3).output
    assert "0.99" in run(film, "--kept", "--limit", 3, "--order", "score").output.splitlines()[1]
    assert run(film, "--kept", "--kind", "frame").output.count("\n") == 1 + 1
    assert run(film, "--kept", "--kind", "motion", "--format", "csv").output.count("\n") == 1 + 26


def test_kept_pairs_with_other_films_are_listed_or_missed(
    run: Run, film: Path, second: Path, tmp_path: Path
) -> None:
    own, other = open_film(film).fingerprint, open_film(second).fingerprint
    within, between = pair(own, (0, 25), own, (25, 60), 0.9), pair(own, (25, 60), other, (60, 100), 0.8)
    past = pair(own, (0, 25), other, (4000, 9000), 0.7)
    keep(film, within, between, past, films={other: second})
    target = tmp_path / "pairs.edl"
    result = run(film, "--kept", "--out", target)
    assert [line.split()[-1] for line in result.output.splitlines()[1:]] == ["(kept)", "(kept)"]
    assert "take 2.mp4, shot 3" in result.output
    assert "1 kept pair is left out: the film does not have all of these frames." in result.errors
    assert "* FROM CLIP NAME: take 2.mp4" in target.read_text("ascii")

    moved = second.rename(tmp_path / "elsewhere.mp4")
    result = run(film, "--kept")
    assert result.output.count("\n") == 1 + 1
    assert result.errors.startswith("2 kept pairs are left out. There is no file")
    assert run(film, moved, "--kept").output.count("\n") == 1 + 2
    shutil.copy(film, second)
    with second.open("ab") as file:
        file.write(b"another film")
    assert "is not the film any more that they are of" in run(film, "--kept").errors
    say(film, JudgedPair(between), JudgedPair(past), JudgedPair(between, Verdict.KEPT))
    assert "Nobody knows any more where their other film is" in run(film, "--kept").errors


def test_kept_pairs_at_another_rate_are_left_out_and_counted(
    run: Run, film: Path, films: FilmShelf, finder: Finder, tmp_path: Path
) -> None:
    other = films("mov_drop_frame").path
    own, fast = open_film(film).fingerprint, open_film(other).fingerprint
    within, across = pair(own, (0, 25), own, (25, 60), 0.9), pair(own, (0, 25), fast, (2, 20), 0.95)
    keep(film, within, across, films={fast: other})
    result = run(film, "--kept", "--out", tmp_path / "pairs.edl")
    assert result.errors.splitlines()[-1] == (
        f"Wrote {tmp_path / 'pairs.edl'}, without 1 pair at another frame rate (an EDL holds one rate; FCPXML and "
        "OpenTimelineIO take all)"
    )
    assert (tmp_path / "pairs.edl").read_text("ascii").count("* FROM CLIP NAME") == 2
    assert run(film, "--kept", "--out", tmp_path / "pairs.otio").said == f"Wrote {tmp_path / 'pairs.otio'}"
    say(film, JudgedPair(within))
    result = run(film, "--kept", "--out", tmp_path / "other.xml")
    assert "these run at 25 and 29.97: export OpenTimelineIO" in result.errors
    assert not (tmp_path / "other.xml").exists()


def test_strangers_words_and_rows_do_no_harm(run: Run, films: FilmShelf, tmp_path: Path) -> None:
    variable = Path(shutil.copy(films("mkv_variable").path, tmp_path / "vfr.mkv"))
    name, count = open_film(variable).fingerprint, open_film(variable).frame_count
    said = replace(pair(name, (0, 9), name, (25, 60), 0.9), reason="a\tb\x1b[31m")
    keep(variable, said, note="line 1\nline 2\x1b[0m")
    beyond = pair(name, (0, 9), name, (count - 9, count + 1), 0.9)
    with closing(Journal(Project(open_film(variable)), read_only=True)) as journal:
        path = journal.path
    with closing(sqlite3.connect(path)) as connection, connection:
        write_matches(connection, Matches((JudgedPair(beyond, Verdict.KEPT),)))
    lines = run(variable, "--kept").output.splitlines()
    assert [line.split("motion  ")[1] for line in lines[1:]] == ["a b [31m (kept) – line 1 line 2 [0m"]


def test_very_few_seconds_are_a_frame(run: Run, film: Path, tmp_path: Path) -> None:
    assert run(film, "--seconds", "0.0001", "--out", tmp_path / "pairs.edl").code == 0
    assert "10:00:00:24 10:00:01:00 01:00:00:00 01:00:00:01" in (tmp_path / "pairs.edl").read_text("ascii")


def test_a_string_out_in_every_format(run: Run, film: Path, tmp_path: Path) -> None:
    for suffix in (".edl", ".xml", ".fcpxml", ".otio"):
        target = tmp_path / f"pairs{suffix}"
        assert run(film, "--out", target, "--seconds", "0.5").code == 0
        assert target.stat().st_size > 400


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--limit", "0"], "--limit takes 1 and more, not 0."),
        (["--seconds", "0"], "--seconds takes more than 0 and at most 3600, not 0."),
        (
            ["--cuts", "--from", "1"],
            "--cuts is about one film's own cuts: leave out OTHER, --from, --into and --kept.",
        ),
        (
            ["--one-way"],
            "--one-way is about pairs of two films that are looked for: name OTHER, leave out --kept.",
        ),
        (["--only", "2"], "--only says which pairs go into the string-out: say where to with --out."),
        (
            ["--only", "1,x", "--out", "a.edl"],
            "--only takes numbers of the list, such as 2 or 1,3, not “1,x”.",
        ),
        (["--kept", "--into", "1"], "--kept lists what was kept: leave out --from and --into."),
        (["--out", "pairs.aaf"], "choose one of edl (.edl)"),
        (["--out", "nowhere/pairs.edl"], "there is no folder"),
    ],
)
def test_wrong_use_is_a_sentence_before_any_work(
    run: Run, film: Path, finder: Finder, options: list[str], said: str
) -> None:
    result = run(film, *options)
    assert result.code == 2
    assert said in result.errors
    assert finder.asked == []


def test_what_cannot_be_written_is_said_before_any_work(
    run: Run, film: Path, films: FilmShelf, finder: Finder, tmp_path: Path
) -> None:
    assert run(film, tmp_path / "nowhere.mov").said.startswith("seamline: There is no file")
    other = films("mov_drop_frame").path
    assert "these run at 25 and 29.97" in run(film, other, "--out", tmp_path / "pairs.edl").said
    assert finder.asked == []


def test_nothing_is_written_over(run: Run, film: Path, tmp_path: Path) -> None:
    target = tmp_path / "pairs.otio"
    target.write_text("mine", encoding="utf-8")
    assert "--force overwrites it" in run(film, "--out", target).said
    assert target.read_text(encoding="utf-8") == "mine"
    assert run(film, "--out", target, "--force").code == 0
    as_film = film.rename(tmp_path / "film.xml")
    assert "is the film itself" in run(as_film, "--out", as_film, "--force").said
