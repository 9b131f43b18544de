"""`seamline train search CAPTIONS.csv`: what it is told, and what it tells."""

from __future__ import annotations

import argparse
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from seamline.errors import ModelError
from seamline_app.commands.train_search_options import add_train_search
from seamline_app.usage import UsageError

if TYPE_CHECKING:
    from films import FilmShelf

VOCABULARY = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "dark", "light"]


def parsed(*arguments: object) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    add_train_search(parser.add_subparsers(dest="what", required=True))
    return parser.parse_args(["search", *map(str, arguments)])


@pytest.fixture
def table(films: FilmShelf, tmp_path: Path) -> Path:
    """Two films of two shots."""
    text = "film,first_frame,last_frame,caption\n"
    for name, cut in (("one", 4), ("two", 5)):
        film = films.make_film(tmp_path / f"{name}.mp4", frames=9, size=(64, 48), cuts=(cut,)).path
        text += f"{film.name},0,{cut - 1},dark\n{film.name},{cut},8,light\n"
    path = tmp_path / "captions.csv"
    path.write_text(text)
    (tmp_path / "vocab.txt").write_text("\n".join(VOCABULARY))
    return path


def test_it_trains_and_tells_how_good_it_is(
    table: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from seamline.models.distilbert import DistilBertSize
    from seamline.models.dual_encoder import DualEncoderSize
    from seamline.models.resnet50 import ResNetSize
    from seamline.training import dual_run
    from seamline_app.commands.train_search import train_search

    text = DistilBertSize(vocabulary=len(VOCABULARY), positions=32, width=16, layers=1, heads=2, inner=16)
    toy = DualEncoderSize(ResNetSize((1, 1, 1, 1), width=4), text, shared=32, side=32)
    monkeypatch.setattr(dual_run, "DualRun", partial(dual_run.DualRun, size=toy))
    out = tmp_path / "mine.safetensors"
    options = parsed(table, "--out", out, "--vocabulary", tmp_path / "vocab.txt", "--freeze", "--epochs", 2)
    assert train_search(options) == 0
    shown = capsys.readouterr()
    assert "Learnt from 2 captions" in shown.out
    assert "2 queries among 2 pictures" in shown.out
    assert "Frozen at random weights: ResNet50 and DistilBERT" in shown.err
    assert f"seamline models install dual-encoder --from {out}" in shown.err
    assert f"Wrote {out}, {out.with_suffix('.txt')}, {out.with_suffix('.json')}\n" in shown.err
    assert out.is_file()
    assert out.with_suffix(".txt").read_text() == shown.out


def test_without_a_vocabulary_it_says_which_file_to_give(
    table: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from seamline.models import store
    from seamline_app.commands.train_search import train_search

    monkeypatch.setattr(store, "directories", lambda: (tmp_path / "none",))
    with pytest.raises(ModelError, match=r"Give --vocabulary FILE: vocab\.txt of distilbert-base-uncased\."):
        train_search(parsed(table, "--out", tmp_path / "mine.safetensors"))


def test_options_that_exclude_each_other_are_refused(table: Path, tmp_path: Path) -> None:
    from seamline_app.commands.train_search import train_search

    with pytest.raises(UsageError, match="without --resnet and --distilbert"):
        train_search(parsed(table, "--out", tmp_path / "m.safetensors", "--weights", "a", "--resnet", "b"))


@pytest.mark.parametrize(
    "wrong",
    [
        ("--out", "weights.pt"),
        ("--out", "w.safetensors", "--batch", 1),
        ("--out", "w.safetensors", "--epochs", 0),
        ("--out", "w.safetensors", "--seed", "x"),
        (),
    ],
)
def test_wrong_use_is_said(wrong: tuple[object, ...], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        parsed("captions.csv", *wrong)
    assert "error:" in capsys.readouterr().err
