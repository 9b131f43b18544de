"""`seamline train same-footage FILMS`: what it is told, what it says, and where its result goes."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from seamline.errors import Cancelled, MediaError, ModelError
from seamline.models.encoder import EFFICIENTNET_LITE0_ENCODER
from seamline.models.same_footage import SameFootageModel, same_footage_model
from seamline_app.commands import train_same_footage as command
from seamline_app.commands.train_same_footage_options import add_train_same_footage
from seamline_app.usage import UsageError

if TYPE_CHECKING:
    from films import FilmShelf

    from seamline.training.same_footage_run import PairRun


def told(*arguments: object) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    add_train_same_footage(parser.add_subparsers())
    return parser.parse_args(["same-footage", *map(str, arguments)])


@pytest.fixture(autouse=True)
def homes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("XDG_CACHE_HOME", "XDG_DATA_HOME", "LOCALAPPDATA", "HOME"):
        monkeypatch.setenv(name, str(tmp_path / "home" / name))


@pytest.fixture
def runs(monkeypatch: pytest.MonkeyPatch) -> list[PairRun]:
    """What was asked to be trained; the result is a model of paper."""
    from seamline.training import same_footage_run

    asked: list[PairRun] = []

    def train(run: PairRun, *_others: object, **_options: object) -> same_footage_run.PairResult:
        asked.append(run)
        model = SameFootageModel(EFFICIENTNET_LITE0_ENCODER.key, 5.0, -2.0, "mine")
        return same_footage_run.PairResult(model, "how good it is", ("“x.mp4” is shorter than 2.5 s.",))

    monkeypatch.setattr(same_footage_run, "train_same_footage", train)
    monkeypatch.setattr(command, "encoder_named", lambda _name: _NoEncoder())
    return asked


class _NoEncoder:
    def open_image(self, threads: int | None) -> None: ...


def test_what_is_told_is_trained(
    runs: list[PairRun], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    options = told(
        "a.mp4", "b.mp4", "--out", tmp_path / "m.npz", "--seed", 3, "--pairs", 500, "--roc", "r.png"
    )
    assert command.train_same_footage(options) == 0
    (run,) = runs
    assert (run.films, run.seed, run.pairs, run.roc) == (
        (Path("a.mp4"), Path("b.mp4")),
        3,
        500,
        Path("r.png"),
    )
    said = capsys.readouterr()
    assert said.out == "how good it is\n"
    assert "Left out: “x.mp4”" in said.err
    beside = [tmp_path / name for name in ("m.npz", "m.ordered.pt", "m.symmetric.pt")]
    assert f"Wrote {', '.join(map(str, beside))}\n" in said.err
    assert same_footage_model(EFFICIENTNET_LITE0_ENCODER).origin == "comes with Seamline"


def test_it_is_used_when_asked_for(runs: list[PairRun], tmp_path: Path) -> None:
    assert command.train_same_footage(told("a.mp4", "--out", tmp_path / "m.npz", "--use")) == 0
    model = same_footage_model(EFFICIENTNET_LITE0_ENCODER)
    assert (model.slope, model.offset, model.origin) == (5.0, -2.0, "trained on this machine")


@pytest.mark.parametrize("encoder", ["label-vectors", "dual-encoder"])
def test_it_cannot_be_used_for_what_shots_are_not_grouped_by(
    encoder: str, runs: list[PairRun], tmp_path: Path
) -> None:
    out = tmp_path / "m.npz"
    with pytest.raises(UsageError, match="grouped by efficientnet-lite0 alone: give --use without --encoder"):
        command.train_same_footage(told("a.mp4", "--out", out, "--encoder", encoder, "--use"))
    assert runs == []
    assert command.train_same_footage(told("a.mp4", "--out", out, "--encoder", encoder)) == 0


def test_a_film_in_the_place_of_the_model_is_wrong_use(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        told("--out", "0.mp4", "0.mp4", "1.mp4")
    assert "“0.mp4” does not end with .npz" in capsys.readouterr().err


def test_interrupted_it_says_how_to_go_on(
    runs: list[PairRun], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from seamline.training import same_footage_run

    def cancelled(*_arguments: object, **_options: object) -> None:
        raise Cancelled

    monkeypatch.setattr(same_footage_run, "train_same_footage", cancelled)
    assert command.train_same_footage(told("a.mp4", "--out", tmp_path / "m.npz")) == 130
    assert "goes on from there" in capsys.readouterr().err


@pytest.mark.parametrize("pairs", ["199", "many", "-1"])
def test_a_number_of_pairs_that_tells_nothing_is_wrong_use(
    pairs: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        told("a.mp4", "--out", "m.npz", "--pairs", pairs)
    assert "from 200 to" in capsys.readouterr().err


def test_one_film_is_refused_in_a_sentence(
    films: FilmShelf, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(command, "encoder_named", lambda _name: _NoEncoder())
    with pytest.raises(MediaError, match=r"only 1 different film .*give 8 or more"):
        command.train_same_footage(told(films("mp4").path, "--out", tmp_path / "m.npz"))
    assert not (tmp_path / "m.npz").exists()


def test_an_encoder_that_there_is_not_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="no encoder “nothing”"):
        command.train_same_footage(told("a.mp4", "--out", tmp_path / "m.npz", "--encoder", "nothing"))
