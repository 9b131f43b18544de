"""Telling same footage: pairs by their index, films kept apart, the published network, checkpoints."""

from __future__ import annotations

import itertools
import json
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
import torch
from paper_footage import RATE, PaperEncoder, opened, write_clip

from seamline.errors import Cancelled, MediaError, ModelError
from seamline.models.encoder import l2_normalised
from seamline.models.same_footage import SameFootageModel
from seamline.progress import CancellableProgress
from seamline.training.same_footage_films import PairFilm, joined, opened_films, read_sources
from seamline.training.same_footage_fitting import as_json, fitted
from seamline.training.same_footage_pairs import SameFootagePairs, Split, pairs_in, split_sources
from seamline.training.same_footage_run import sources_in
from seamline.training.same_footage_setups import SetupPairs
from seamline.training.same_footage_training import EPOCHS, PairPerceptron, PairTraining, calibrated
from seamline.training.same_footage_vectors import PairVectors


@pytest.fixture(scope="module")
def films(clips: list[Path]) -> list[PairFilm]:
    found, left_out = opened_films(clips, opened, progress=CancellableProgress())
    assert not left_out
    return joined(found, [(0, 11)])


def pairs_of(
    films: Sequence[PairFilm], split: Split = Split.TRAIN, count: int = 400, seed: int = 3
) -> SameFootagePairs:
    return SameFootagePairs(films, sources_in(split_sources(films, seed), split), split, count, seed=seed)


class TestPairs:
    def test_any_index_alone_gives_the_same_pair(self, films: list[PairFilm]) -> None:
        pairs, again = pairs_of(films), pairs_of(films)
        in_order = list(pairs)
        assert len(in_order) == len(pairs) == 400
        for index in (399, 0, 17, 250):
            assert again[index] == in_order[index]
        assert list(pairs_of(films, seed=4)) != in_order
        with pytest.raises(IndexError):
            pairs[400]

    def test_half_are_of_one_film_two_seconds_apart_and_the_others_of_two_sources(
        self, films: list[PairFilm]
    ) -> None:
        pairs = list(pairs_of(films))
        assert 0.4 < sum(pair.is_same for pair in pairs) / len(pairs) < 0.6
        for pair in pairs:
            if pair.is_same:
                assert pair.first_film == pair.second_film
                assert pair.second_frame - pair.first_frame == 2 * RATE
            else:
                # the copy of a film never stands against it
                assert films[pair.first_film].source != films[pair.second_film].source

    def test_no_footage_is_on_two_sides(self, films: list[PairFilm]) -> None:
        for seed in range(8):
            used = [
                {
                    films[at].source
                    for pair in pairs_of(films, split, 100, seed)
                    for at in (pair.first_film, pair.second_film)
                }
                for split in Split
            ]
            assert all(not one & other for one, other in itertools.combinations(used, 2))
            splits = split_sources(films, seed)
            assert [len(sources_in(splits, split)) for split in Split] == [7, 2, 2]

    def test_ten_thousand_are_divided_as_published(self) -> None:
        assert [pairs_in(split, 10_000) for split in Split] == [7000, 1500, 1500]

    def test_too_few_films_are_refused_in_a_sentence(self, films: list[PairFilm]) -> None:
        with pytest.raises(MediaError, match=r"only 7 different films.*give 8 or more"):
            split_sources(films[:7], 0)

    def test_what_cannot_be_used_is_told(self, clips: list[Path], tmp_path: Path) -> None:
        broken = tmp_path / "broken.mp4"
        broken.write_text("no film")
        copied = tmp_path / "again.mp4"
        copied.write_bytes(clips[0].read_bytes())
        short = write_clip(tmp_path / "short.mp4", 50, seconds=2)
        found, left_out = opened_films(
            [clips[0], broken, copied, short], opened, progress=CancellableProgress()
        )
        assert [film.film.path for film in found] == [clips[0]]
        assert ["broken" in left_out[0], "copy of “0.mp4”" in left_out[1], "shorter" in left_out[2]] == [
            True
        ] * 3

    def test_a_table_says_which_films_are_one(self, clips: list[Path], tmp_path: Path) -> None:
        table = tmp_path / "sources.csv"
        table.write_text("film,source\n3.mp4,cat\n5.mp4,cat\n")
        found, _ = opened_films(clips, opened, sources=read_sources(table), progress=CancellableProgress())
        assert found[3].source == found[5].source == "cat" != found[4].source

    def test_whether_a_seam_lies_between(self, films: list[PairFilm]) -> None:
        film = PairFilm(films[0].film, "x", ((9, 10), (19, 25)))
        assert [film.crosses(2, 8), film.crosses(9, 10), film.crosses(30, 2)] == [False, True, True]
        assert film.crosses(2, 22) is None  # in the middle of a dissolve
        assert films[0].crosses(2, 8) is None


class TestVectors:
    def test_no_frame_is_encoded_twice_and_none_again_in_another_run(
        self, films: list[PairFilm], tmp_path: Path
    ) -> None:
        pairs = list(pairs_of(films, count=60))
        frames = {(pair.first_film, pair.first_frame) for pair in pairs} | {
            (pair.second_film, pair.second_frame) for pair in pairs
        }
        encoder = PaperEncoder()
        vectors = PairVectors(films, encoder, lambda fingerprint: tmp_path / fingerprint)
        vectors.make(pairs, progress=CancellableProgress())
        assert encoder.seen == len(frames)
        first, _, _ = vectors.both(pairs)
        again = PairVectors(films, PaperEncoder(), lambda fingerprint: tmp_path / fingerprint)
        np.testing.assert_array_equal(again.both(pairs)[0], first)
        assert encoder.seen == len(frames)

    def test_a_copy_is_found_and_nothing_else(self, clips: list[Path]) -> None:
        found, _ = opened_films(clips, opened, progress=CancellableProgress())
        vectors = PairVectors(found, PaperEncoder(), lambda _fingerprint: None)
        frames = {number: {0, 10, 20, 30} for number in range(len(found))}
        vectors.make_frames(frames, progress=CancellableProgress())
        assert vectors.alike() == [(0, 11)]


def toy(count: int, seed: int, dimension: int = 16) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Pairs near each other, and pairs at random."""
    rng = np.random.default_rng(seed)
    first = rng.normal(size=(count, dimension)).astype(np.float32)
    truth = rng.random(count) < 0.5
    noise = rng.normal(size=first.shape).astype(np.float32)
    second = np.where(truth[:, None], first + 0.3 * noise, noise).astype(np.float32)
    return l2_normalised(first), l2_normalised(second), truth


class TestNetworks:
    @pytest.mark.parametrize("symmetric", [False, True])
    def test_it_has_the_published_number_of_parameters(self, symmetric: bool) -> None:
        network = PairPerceptron(512, symmetric=symmetric)
        assert sum(values.numel() for values in network.parameters()) == 319_502

    def test_only_the_variant_does_not_heed_the_order(self) -> None:
        first, second, _ = toy(20, 0)
        symmetric, ordered = (PairTraining(16, symmetric=each, seed=1) for each in (True, False))
        np.testing.assert_allclose(
            symmetric.scores(first, second), symmetric.scores(second, first), atol=1e-6
        )
        assert not np.allclose(ordered.scores(first, second), ordered.scores(second, first))

    @pytest.mark.parametrize("symmetric", [False, True])
    def test_it_learns_a_batch_by_heart(self, symmetric: bool) -> None:
        pairs = toy(64, 1)
        training = PairTraining(16, symmetric=symmetric, seed=1)
        training.run(*pairs, epochs=60, progress=CancellableProgress())
        assert training.loss is not None
        assert training.loss < 0.05
        assert ((training.scores(*pairs[:2]) > 0) == pairs[2]).all()

    def test_where_nothing_is_to_be_told_it_guesses(self) -> None:
        right = {}
        for name in ("related", "unrelated"):
            first, second, truth = toy(1500, 2)
            test = toy(1000, 3)
            if name == "unrelated":
                truth = np.random.default_rng(0).random(len(truth)) < 0.5
                second = np.roll(second, 1, axis=0)
                test = (test[0], np.roll(test[1], 1, axis=0), test[2])
            training = PairTraining(16, symmetric=True, seed=1)
            training.run(first, second, truth, epochs=4, progress=CancellableProgress())
            right[name] = float(((training.scores(*test[:2]) > 0) == test[2]).mean())
        assert right["related"] > 0.95
        assert 0.4 < right["unrelated"] < 0.6

    def test_gone_on_from_a_checkpoint_it_is_what_it_would_have_become(self, tmp_path: Path) -> None:
        pairs, path = toy(500, 4), tmp_path / "half.pt"
        whole = PairTraining(16, symmetric=True, seed=5)
        whole.run(*pairs, progress=CancellableProgress())
        PairTraining(16, symmetric=True, seed=5).run(
            *pairs, epochs=1, progress=CancellableProgress(), checkpoint=path
        )
        state = torch.load(path, weights_only=True)
        assert (state["epoch"], set(state)) == (
            1,
            {"identity", "symmetric", "epoch", "loss", "network", "optimiser"},
        )
        rest = PairTraining(16, symmetric=True, seed=5)
        rest.load(path)
        rest.run(*pairs, progress=CancellableProgress())
        assert (rest.epoch, rest.loss) == (EPOCHS, whole.loss)
        np.testing.assert_array_equal(rest.scores(*pairs[:2]), whole.scores(*pairs[:2]))

    def test_broken_off_within_an_epoch_it_is_as_before_that(self) -> None:
        pairs = toy(500, 4)
        whole, broken = (PairTraining(16, symmetric=True, seed=5) for _ in range(2))
        whole.run(*pairs, progress=CancellableProgress())
        stopping = CancellableProgress(lambda done, _total: stopping.cancel() if done == 5 else None)
        with pytest.raises(Cancelled):
            broken.run(*pairs, progress=stopping)
        broken.run(*pairs, progress=CancellableProgress())
        np.testing.assert_array_equal(broken.scores(*pairs[:2]), whole.scores(*pairs[:2]))

    def test_a_checkpoint_of_others_or_a_damaged_one_is_refused(self, tmp_path: Path) -> None:
        path = tmp_path / "one.pt"
        PairTraining(16, symmetric=True, seed=1, identity="a").save(path)
        with pytest.raises(ModelError, match="other films or settings"):
            PairTraining(16, symmetric=True, seed=1, identity="b").load(path)
        path.write_bytes(path.read_bytes()[:-200])
        with pytest.raises(ModelError, match="cannot be read"):
            PairTraining(16, symmetric=True, seed=1, identity="a").load(path)

    def test_what_is_calibrated_says_as_often_as_it_is_right(self) -> None:
        rng = np.random.default_rng(0)
        scores = rng.normal(0, 2, 20_000)
        truth = rng.random(len(scores)) < 1 / (1 + np.exp(-(1.7 * scores - 0.6)))
        slope, offset = calibrated(scores, truth)
        assert slope == pytest.approx(1.7, abs=0.1)
        assert offset == pytest.approx(-0.6, abs=0.1)


@pytest.fixture(scope="module")
def edited(tmp_path_factory: pytest.TempPathFactory) -> list[PairFilm]:
    """Three films of two shots each, whose seam is known."""
    folder = tmp_path_factory.mktemp("edited")
    paths = [write_clip(folder / f"{seed}.mp4", 100 + seed, seams=(15,)) for seed in range(3)]
    return [PairFilm(opened(path, CancellableProgress()), path.stem, ((14, 15),)) for path in paths]


class TestSetups:
    def test_they_are_of_one_shot_of_neighbours_or_of_two_films(self, edited: list[PairFilm]) -> None:
        pairs = list(SetupPairs(edited, [film.source for film in edited], 200, seed=1))
        assert pairs == list(SetupPairs(edited, [film.source for film in edited], 200, seed=1))
        kinds = {"one": 0, "next": 0, "two": 0}
        for pair in pairs:
            across = (pair.first_frame < 15) != (pair.second_frame < 15)
            if pair.is_same:
                assert pair.first_film == pair.second_film
                assert not across
                kinds["one"] += 1
            elif pair.first_film == pair.second_film:
                assert across
                kinds["next"] += 1
            else:
                kinds["two"] += 1
        assert kinds["one"] == pytest.approx(100, abs=25)
        assert kinds["next"] == pytest.approx(50, abs=20)

    def test_the_shipped_calibration_is_made_from_them(self, edited: list[PairFilm]) -> None:
        vectors = PairVectors(edited, PaperEncoder(), lambda _fingerprint: None)
        sources = [film.source for film in edited]
        (slope, offset), cosines, truth = fitted(
            edited, sources, vectors, pairs=300, progress=CancellableProgress()
        )
        said = slope * cosines + offset > 0
        assert (said == truth).mean() > 0.9
        kept = json.loads(as_json("key", slope, offset))
        assert kept == {"encoder_key": "key", "slope": round(slope, 3), "offset": round(offset, 3)}

    def test_films_of_unknown_seams_do_not_count(self, films: list[PairFilm]) -> None:
        with pytest.raises(MediaError, match="seams are known"):
            SetupPairs(films, [film.source for film in films], 10, seed=1)


def test_the_symmetric_network_runs_the_same_without_torch() -> None:
    first, second, truth = toy(400, 6)
    training = PairTraining(16, symmetric=True, seed=1)
    training.run(first, second, truth, progress=CancellableProgress())
    model = SameFootageModel("key", 1.0, 0.0, "", training.layers())
    np.testing.assert_allclose(
        model.scores(first, second), training.scores(first, second), rtol=1e-4, atol=1e-4
    )
    with pytest.raises(ValueError, match="symmetric"):
        PairTraining(16, symmetric=False, seed=1).layers()


def test_times_are_the_films_own(films: list[PairFilm]) -> None:
    apart = SameFootagePairs(
        films,
        [film.source for film in films],
        Split.TEST,
        50,
        seed=1,
        rate=1.0,
        apart_s=Fraction(1, 2),
        grid=4,
    )
    for pair in apart:
        # on a grid of 1/4 s, at 10 frames a second
        assert pair.first_frame in {int(at * 2.5) for at in range(16)}
        assert pair.second_frame - pair.first_frame == 5
