"""Whole runs of `seamline train same-footage`: what they write, what they make again, and what they refuse."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from paper_footage import PaperEncoder, opened, write_clip

from seamline.errors import Cancelled, ExchangeError, MediaError, ModelError
from seamline.models.same_footage import own_model_name, same_footage_model
from seamline.progress import CancellableProgress
from seamline.training.same_footage_films import joined, opened_films
from seamline.training.same_footage_pairs import SameFootagePairs, Split, split_sources
from seamline.training.same_footage_run import PairResult, PairRun, sources_in, train_same_footage
from seamline.training.same_footage_training import EPOCHS
from seamline.training.same_footage_vectors import PairVectors


def trained(
    run: PairRun, encoder: PaperEncoder | None = None, progress: CancellableProgress | None = None
) -> PairResult:
    cache = run.out.parent / "cache"
    return train_same_footage(
        run,
        encoder or PaperEncoder(),
        opened,
        lambda each: cache / each,
        progress=progress or CancellableProgress(),
    )


def a_run(clips: list[Path], folder: Path, **others: object) -> PairRun:
    settings = {"seed": 2, "pairs": 300} | others
    return PairRun(tuple(clips), folder / "model.npz", **settings)  # type: ignore[arg-type]


def stopping_at(step: int) -> CancellableProgress:
    progress = CancellableProgress(lambda done, _: progress.cancel() if done >= step else None)
    return progress


def test_it_writes_what_the_program_uses_and_says_how_good_it_is(clips: list[Path], tmp_path: Path) -> None:
    run = a_run(clips, tmp_path, roc=tmp_path / "roc.svg")
    report = trained(run).report
    assert "12 films of 11 sources: 7 to train, 2 to validate, 2 to test." in report
    assert "The same footage: 0.mp4, copy.mp4." in report
    assert ", which had the lesser loss in validation." in report
    assert "Used to group" not in report, "that is told by whoever has it used"
    assert (tmp_path / "roc.svg").read_text().count("<path") > 3
    assert torch.load(tmp_path / "model.ordered.pt", weights_only=True)["epoch"] == EPOCHS
    folder = tmp_path / "store"
    folder.mkdir()
    run.out.rename(folder / own_model_name(PaperEncoder.spec.key))
    model = same_footage_model(PaperEncoder.spec, folder)
    assert model.origin == "trained on this machine"
    found, _ = opened_films(clips, opened, progress=CancellableProgress())
    films = joined(found, [(0, 11)])
    vectors = PairVectors(films, PaperEncoder(), lambda each: tmp_path / "cache" / each)
    tested = sources_in(split_sources(films, 3), Split.TEST)
    first, second, truth = vectors.both(SameFootagePairs(films, tested, Split.TEST, 200, seed=3))
    assert ((model.probability(first, second) > 0.5) == truth).mean() > 0.9
    np.testing.assert_allclose(model.probability(first, second), model.probability(second, first), atol=1e-5)


class TestAgain:
    def test_the_same_run_decodes_nothing_and_says_the_same(self, clips: list[Path], tmp_path: Path) -> None:
        first = trained(a_run(clips, tmp_path)).report
        encoder = PaperEncoder()
        assert trained(a_run(clips, tmp_path), encoder).report == first
        assert encoder.seen < 30  # plain pictures alone, to know them by

    def test_another_run_replaces_what_is_finished(self, clips: list[Path], tmp_path: Path) -> None:
        run = a_run(clips[:8], tmp_path)
        trained(run)
        before = {path: path.read_bytes() for path in (run.out, *run.checkpoints.values())}
        trained(a_run(clips[:9], tmp_path))
        assert all(path.read_bytes() != data for path, data in before.items())
        trained(a_run(clips[:9], tmp_path, seed=3, pairs=250))

    def test_what_was_broken_off_is_gone_on_from_and_another_run_told_so_before_a_decode(
        self, clips: list[Path], tmp_path: Path
    ) -> None:
        straight, broken = (tmp_path / name for name in ("straight", "broken"))
        for folder in (straight, broken):
            folder.mkdir()
        wanted = trained(a_run(clips, straight)).report
        with pytest.raises(Cancelled):
            trained(a_run(clips, broken), progress=stopping_at(920))
        state = torch.load(broken / "model.ordered.pt", weights_only=True)
        assert state["epoch"] == 1
        encoder = PaperEncoder()
        with pytest.raises(ModelError, match="of other films or settings, broken off"):
            trained(a_run(clips, broken, seed=3), encoder)
        assert encoder.seen == 0
        assert trained(a_run(clips, broken)).report == wanted


class TestRefused:
    def test_too_few_films_with_those_that_were_left_out(self, clips: list[Path], tmp_path: Path) -> None:
        encoder = PaperEncoder()
        with pytest.raises(MediaError, match=r"give 8 or more\.$"):
            trained(a_run(clips[:5], tmp_path), encoder)
        short = write_clip(tmp_path / "short.mp4", 50, seconds=2)
        films = [*clips[:7], tmp_path / "typo.mp4", short]
        with pytest.raises(MediaError, match=r"only 7 .* Left out: .*typo\.mp4.* “short\.mp4” is shorter"):
            trained(a_run(films, tmp_path), encoder)
        many = [tmp_path / f"{number}.mp4" for number in range(9)]
        with pytest.raises(MediaError, match=r"4\.mp4.* and 4 more\.$"):
            trained(a_run(many, tmp_path), encoder)
        assert encoder.seen == 0

    @pytest.mark.parametrize("written", ["out", "roc", "checkpoint"])
    def test_what_it_reads_is_never_written_over(
        self, written: str, clips: list[Path], tmp_path: Path
    ) -> None:
        film = tmp_path / {"out": "film.npz", "roc": "film.png", "checkpoint": "model.ordered.pt"}[written]
        film.write_bytes(clips[0].read_bytes())
        roc = film if written == "roc" else None
        out = film if written == "out" else tmp_path / "model.npz"
        with pytest.raises(ExchangeError, match=f"{film.name}” would be written over, and it is what this"):
            trained(PairRun((film, *clips), out, roc=roc))
        assert film.read_bytes() == clips[0].read_bytes()

    def test_a_name_without_the_suffix(self, clips: list[Path], tmp_path: Path) -> None:
        with pytest.raises(ExchangeError, match=r"film\.mp4” does not end with \.npz: choose"):
            trained(PairRun(tuple(clips), tmp_path / "film.mp4"))
