"""`seamline train match-cuts FILMS`: what it is told, what it says, and where its result goes."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from seamline.errors import Cancelled, MediaError
from seamline_app.commands import train_match_cuts as command
from seamline_app.commands.train_match_cuts_options import add_train_match_cuts

if TYPE_CHECKING:
    from films import FilmShelf

    from seamline.training.match_cut_run import MatchCutRun


def told(*arguments: object) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    add_train_match_cuts(parser.add_subparsers())
    return parser.parse_args(["match-cuts", *map(str, arguments)])


@pytest.fixture(autouse=True)
def homes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("XDG_CACHE_HOME", "XDG_DATA_HOME", "LOCALAPPDATA", "HOME"):
        monkeypatch.setenv(name, str(tmp_path / "home" / name))
    monkeypatch.setattr(command, "_encoder", lambda: None)


@pytest.fixture
def runs(monkeypatch: pytest.MonkeyPatch) -> list[MatchCutRun]:
    """What was asked to be trained; nothing is."""
    from seamline.training import match_cut_run

    asked: list[MatchCutRun] = []

    def train(run: MatchCutRun, *_others: object, **_options: object) -> match_cut_run.MatchCutResult:
        asked.append(run)
        return match_cut_run.MatchCutResult("how good it is", ("“x.mp4” is shorter than 2.5 s.",))

    monkeypatch.setattr(match_cut_run, "train_match_cuts", train)
    return asked


def test_what_is_told_is_trained(
    runs: list[MatchCutRun], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "m.npz"
    options = ("--seed", 3, "--pairs", 500, "--epochs", 4, "--labels", "motion", "--threshold", "12.5")
    assert command.train_match_cuts(told("a.mp4", "b.mp4", "--out", out, *options)) == 0
    (run,) = runs
    assert run.films == (Path("a.mp4"), Path("b.mp4"))
    assert (run.seed, run.pairs, run.epochs, run.labels, run.threshold_levels) == (3, 500, 4, "motion", 12.5)
    said = capsys.readouterr()
    assert said.out == "how good it is\n"
    assert "Left out: “x.mp4”" in said.err
    assert f"Wrote {out}\n" in said.err
    assert f"Wrote {tmp_path / 'm.txt'}" in said.err
    assert "from now on" not in said.err


def test_as_published_unless_told(runs: list[MatchCutRun], tmp_path: Path) -> None:
    command.train_match_cuts(told("a.mp4", "--out", tmp_path / "m.npz"))
    assert (runs[0].labels, runs[0].pairs, runs[0].threshold_levels) == ("published", 14_264, None)


def test_it_is_used_when_asked_for(
    runs: list[MatchCutRun],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    installed: list[tuple[str, Path, bool]] = []
    monkeypatch.setattr(
        "seamline.models.library.install",
        lambda card, *, from_file, agreed, progress: installed.append((card.id, from_file, agreed)),
    )
    assert command.train_match_cuts(told("a.mp4", "--out", tmp_path / "m.npz", "--use")) == 0
    assert installed == [("match-siamese", tmp_path / "m.npz", False)]  # nothing was agreed to
    assert "from now on" in capsys.readouterr().err


def test_interrupted_it_says_how_to_go_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from seamline.training import match_cut_run

    def cancelled(*_arguments: object, **_options: object) -> None:
        raise Cancelled

    monkeypatch.setattr(match_cut_run, "train_match_cuts", cancelled)
    assert command.train_match_cuts(told("a.mp4", "--out", tmp_path / "m.npz")) == 130
    assert "goes on from there" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--pairs", "63"), "from 64 to"),
        (("--epochs", "0"), "from 1 to"),
        (("--threshold", "nan"), "levels above 0"),
        (("--threshold", "300"), "levels above 0"),
        (("--labels", "mine"), "invalid choice"),
        (("--out", "film.mp4"), "does not end with .npz"),
    ],
)
def test_wrong_use_is_told(arguments: tuple[str, str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        told("a.mp4", "--out", "m.npz", *arguments)
    assert said in capsys.readouterr().err


def test_one_film_is_refused_in_a_sentence(films: FilmShelf, tmp_path: Path) -> None:
    given = (films("mp4").path, tmp_path / "typo.mp4")
    with pytest.raises(MediaError, match=r"there is 1\. Give more films\. Left out: .*typo\.mp4"):
        command.train_match_cuts(told(*given, "--out", tmp_path / "m.npz"))
    assert not (tmp_path / "m.npz").exists()
