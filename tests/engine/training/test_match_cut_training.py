"""Training match cuts: labels, batches, films kept apart, mirrors, early stopping, checkpoints, generated films."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
import torch

from seamline.analysis.flow_pictures import flow_picture
from seamline.errors import Cancelled, MediaError, ModelError
from seamline.models.siamese import Siamese
from seamline.models.siamese_layout import SiameseSize
from seamline.progress import CancellableProgress
from seamline.training.match_cut_generated import drawn_step, generated, planted, set_of
from seamline.training.match_cut_pairs import (
    Batch,
    Split,
    different,
    drawn_batches,
    pairs_in,
    pairs_of,
    split_sources,
)
from seamline.training.match_cut_report import motion_figures
from seamline.training.match_cut_sets import (
    MATCH,
    OTHER,
    UNKNOWN,
    FlowSet,
    LabelRule,
    Labels,
    halving_threshold,
)
from seamline.training.match_cut_training import (
    PATIENCE,
    MatchCutTraining,
    Recipe,
    logits_of,
    loss_and_accuracy,
    mirrored,
)
from seamline.training.match_cut_weights import grown, main, planted_text

SMALL = SiameseSize(side=16, channels=(4, 6, 8), features=8)
WAYS = ((1, 0), (0, 1), (-1, 0), (0, -1))
MOTION = LabelRule(Labels.MOTION)


def field_of(way: tuple[float, float], *, speed: float = 2.0, seed: int = 0) -> np.ndarray:
    """Half of the picture moves that way, with some unrest."""
    field = np.random.default_rng(seed).normal(0, 0.05, (36, 64, 2)).astype(np.float32)
    field[:, :32] += np.array(way, np.float32) * speed
    return field


def flow_set(count: int, first: int = 0) -> FlowSet:
    """Fields that move in four ways in turn; each is a shot."""
    fields = [field_of(WAYS[at % 4], seed=first + at) for at in range(count)]
    return set_of(fields, np.arange(count))


@pytest.fixture(scope="module")
def flows() -> dict[Split, FlowSet]:
    return {split: flow_set(24, 100 * split.value) for split in Split}


def trained(
    flows: dict[Split, FlowSet], *, epochs: int = 2, seed: int = 0, identity: str = "", pairs: int = 256
) -> tuple[MatchCutTraining, list[Batch], list[Batch]]:
    batches, held = (
        drawn_batches(flows[split], MOTION, split, pairs, seed=seed)
        for split in (Split.TRAIN, Split.VALIDATION)
    )
    return MatchCutTraining(Recipe(epochs, seed, mirrored=True), identity, SMALL), batches, held


class TestLabels:
    def test_as_published_the_mean_grey_decides(self) -> None:
        flow = flow_set(6)
        greys = flow.greys
        rows = np.arange(6)
        table = LabelRule(Labels.PUBLISHED, 5.0).table(flow, rows, flow, rows)
        assert np.array_equal(table == MATCH, np.abs(greys[:, None] - greys[None]) < 5)
        assert not (table == UNKNOWN).any()

    def test_the_usual_threshold_halves_the_pairs(self) -> None:
        flow = FlowSet(
            np.empty((200, 0), np.uint8),
            np.random.default_rng(0).uniform(0, 100, 200).astype(np.float32),
            np.zeros((200, 8, 8, 2), np.float32),
            np.arange(200),
        )
        rows = np.arange(200)
        table = LabelRule(Labels.PUBLISHED, halving_threshold(flow, 0)).table(flow, rows, flow, rows)
        assert 0.47 < (table == MATCH)[~np.eye(200, dtype=bool)].mean() < 0.53

    def test_by_motion_the_way_the_place_and_the_speed_decide(self) -> None:
        fields = [
            field_of((1, 0)),
            field_of((1, 0), seed=1),
            field_of((1, 0), speed=6),
            field_of((0.8, 0.6)),
            field_of((-1, 0)),
            field_of((1, 0))[:, ::-1],
            field_of((0, 0)),
            field_of((0, 0), seed=1),
        ]
        flow = set_of([np.ascontiguousarray(each) for each in fields], np.arange(8))
        table = MOTION.table(flow, np.arange(8), flow, np.arange(8))
        assert table[0].tolist() == [MATCH, MATCH, UNKNOWN, MATCH, OTHER, OTHER, OTHER, OTHER]
        assert table[6, 7] == UNKNOWN
        assert np.array_equal(table, table.T)


class TestBatches:
    def test_seed_split_and_place_decide(self, flows: dict[Split, FlowSet]) -> None:
        flow = flows[Split.TRAIN]
        some, again = (drawn_batches(flow, MOTION, Split.TRAIN, 200, seed=3) for _ in range(2))
        fewer = drawn_batches(flow, MOTION, Split.TRAIN, 64, seed=3)
        other = drawn_batches(flow, MOTION, Split.TEST, 200, seed=3)
        for one, two in zip(some, again, strict=True):
            assert np.array_equal(one.rows, two.rows)
            assert np.array_equal(one.pairs, two.pairs)
        assert np.array_equal(fewer[0].pairs, some[0].pairs)
        assert not np.array_equal(other[0].rows, some[0].rows)

    def test_pairs_are_counted_labelled_and_half_of_them_matches(self, flows: dict[Split, FlowSet]) -> None:
        flow = flows[Split.TRAIN]
        batches = drawn_batches(flow, MOTION, Split.TRAIN, 500, seed=0)
        first, second, truth = pairs_of(batches)
        assert len(truth) == 500
        assert max(len(batch.rows) for batch in batches) <= 16
        assert max(len(batch.truth) for batch in batches) == 64
        table = MOTION.table(flow, np.arange(len(flow)), flow, np.arange(len(flow)))
        assert np.array_equal(table[first, second] == MATCH, truth)
        assert (flow.shots[first] != flow.shots[second]).all()
        assert 0.35 < truth.mean() <= 0.5

    def test_two_of_one_shot_are_no_pair(self, flows: dict[Split, FlowSet]) -> None:
        flow = flows[Split.TRAIN]
        of_two = FlowSet(flow.pictures, flow.greys, flow.grids, np.arange(len(flow)) // 2)
        first, second, _ = pairs_of(drawn_batches(of_two, MOTION, Split.TRAIN, 300, seed=0))
        assert (of_two.shots[first] != of_two.shots[second]).all()

    def test_shots_that_all_move_alike_teach_nothing(self) -> None:
        flow = set_of([field_of((1, 0), seed=at) for at in range(6)], np.arange(6))
        with pytest.raises(MediaError, match="move unlike enough"):
            drawn_batches(flow, MOTION, Split.TRAIN, 64, seed=0)
        with pytest.raises(MediaError, match="move alike enough"):
            drawn_batches(
                FlowSet(flow.pictures, flow.greys, flow.grids, np.zeros(6)), MOTION, Split.TRAIN, 9, seed=0
            )

    def test_few_pictures_have_few_different_pairs(self) -> None:
        flow = flow_set(4)
        rule = LabelRule(
            Labels.PUBLISHED, float(np.median(np.abs(np.subtract.outer(flow.greys, flow.greys))))
        )
        first, second, _ = pairs_of(drawn_batches(flow, rule, Split.TEST, 200, seed=0))
        assert len(first) == 200
        once = different(np.concatenate([first, second]), np.concatenate([second, first]))
        assert once.max() < 200, "the first of each"
        pairs = {frozenset(pair) for pair in zip(first[once].tolist(), second[once].tolist(), strict=True)}
        assert len(pairs) == len(once) <= 6
        assert pairs == {frozenset(pair) for pair in zip(first.tolist(), second.tolist(), strict=True)}

    def test_as_many_to_hold_back_as_published(self) -> None:
        assert [pairs_in(split, 14_264) for split in Split] == [14_264, 3_566, 3_566]


class TestSplit:
    def test_all_of_a_source_is_on_one_side_and_shares_are_near(self) -> None:
        counts = {f"film {at}": 20 + at for at in range(12)}
        splits = split_sources(counts, 0)
        assert set(splits) == set(counts)
        held = {split: sum(counts[source] for source, of in splits.items() if of is split) for split in Split}
        shares = [held[split] / sum(counts.values()) for split in Split]
        assert np.allclose(shares, [0.7, 0.15, 0.15], atol=0.06)
        assert splits == split_sources(counts, 0)
        assert any(splits != split_sources(counts, seed) for seed in range(1, 4))

    @pytest.mark.parametrize("counts", [{"a": 50, "b": 50}, {"a": 50, "b": 50, "c": 3}, {}])
    def test_too_few_are_refused_in_a_sentence(self, counts: dict[str, int]) -> None:
        with pytest.raises(MediaError, match=r"Give more films\."):
            split_sources(counts, 0)


class TestMirrors:
    @pytest.mark.parametrize(
        ("across", "upright"), [(True, False), (False, True), (True, True), (False, False)]
    )
    def test_a_mirrored_picture_is_that_of_the_mirrored_film(self, across: bool, upright: bool) -> None:
        field = field_of((0.9, 0.4), seed=4)
        turned = field[:: -1 if upright else 1, :: -1 if across else 1] * np.array(
            [-1 if across else 1, -1 if upright else 1], np.float32
        )
        wanted = flow_picture(np.ascontiguousarray(turned)).astype(int)
        found = mirrored(flow_picture(field)[None], across=across, upright=upright)[0].astype(int)
        # hues are in steps of 2 degrees
        assert np.abs(found - wanted).mean() < 4
        if across:
            assert np.abs(flow_picture(field).astype(int) - wanted).mean() > 20


class TestTraining:
    def test_it_learns_which_way_and_tells_pairs_it_has_not_seen(self, flows: dict[Split, FlowSet]) -> None:
        training, batches, held = trained(flows, epochs=8, pairs=512)
        training.run(
            flows[Split.TRAIN], batches, flows[Split.VALIDATION], held, progress=CancellableProgress()
        )
        test = drawn_batches(flows[Split.TEST], MOTION, Split.TEST, 256, seed=0)
        loss, accuracy = loss_and_accuracy(*training.told(flows[Split.TEST], test))
        assert accuracy > share_of_others(test) + 0.1
        assert accuracy > 0.75
        assert loss < training.epochs[0].loss
        figures = motion_figures(training.network, flows[Split.TEST])
        assert figures is not None
        assert figures.average_precision > 0.9 > 3 * figures.prevalence

    def test_the_same_seed_gives_the_same_numbers(self, flows: dict[Split, FlowSet]) -> None:
        results = []
        for seed in (1, 1, 2):
            training, batches, held = trained(flows, seed=seed)
            training.run(
                flows[Split.TRAIN], batches, flows[Split.VALIDATION], held, progress=CancellableProgress()
            )
            results.append(training.network.state_dict()["dense.weight"].clone())
        assert torch.equal(results[0], results[1])
        assert not torch.equal(results[0], results[2])

    def test_gone_on_from_a_checkpoint_it_ends_the_same(
        self, flows: dict[Split, FlowSet], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("seamline.training.match_cut_training._CHECKPOINT_EVERY_S", 0.0)
        path, progress = tmp_path / "c.pt", CancellableProgress()
        whole, batches, held = trained(flows, epochs=3)
        whole.run(flows[Split.TRAIN], batches, flows[Split.VALIDATION], held, progress=progress)
        first, *_ = trained(flows, epochs=3)
        stops = CancellableProgress(lambda done, total: stops.cancel() if done > len(batches) + 1 else None)
        with pytest.raises(Cancelled):
            first.run(
                flows[Split.TRAIN], batches, flows[Split.VALIDATION], held, progress=stops, checkpoint=path
            )
        second, *_ = trained(flows, epochs=3)
        second.load(path)
        assert len(second.epochs) == 1
        second.run(flows[Split.TRAIN], batches, flows[Split.VALIDATION], held, progress=progress)
        assert second.epochs == whole.epochs
        assert all(
            torch.equal(one, other)
            for one, other in zip(
                second.network.state_dict().values(), whole.network.state_dict().values(), strict=True
            )
        )

    def test_a_checkpoint_of_something_else_is_refused(
        self, flows: dict[Split, FlowSet], tmp_path: Path
    ) -> None:
        training, *_ = trained(flows, identity="these films")
        training.save(tmp_path / "c.pt")
        other, *_ = trained(flows, identity="others")
        with pytest.raises(ModelError, match="of other films or settings"):
            other.load(tmp_path / "c.pt")
        (tmp_path / "c.pt").write_bytes(b"torn")
        with pytest.raises(ModelError, match="cannot be read: delete it"):
            other.load(tmp_path / "c.pt")

    def test_three_epochs_without_gain_end_it_and_the_best_is_kept(
        self, flows: dict[Split, FlowSet], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        training, batches, held = trained(flows, epochs=50)
        losses = iter([0.9, 0.5, 0.6, 0.5, 0.7, 0.1])
        states: list[torch.Tensor] = []

        def told(*_: object) -> tuple[float, float]:
            states.append(training.network.state_dict()["dense.bias"].clone())
            return next(losses), 0.5

        monkeypatch.setattr("seamline.training.match_cut_training.loss_and_accuracy", told)
        training.run(
            flows[Split.TRAIN], batches, flows[Split.VALIDATION], held, progress=CancellableProgress()
        )
        assert len(training.epochs) == 2 + PATIENCE
        assert training.best_epoch == 1
        assert torch.equal(training.network.state_dict()["dense.bias"], states[1])

    def test_each_picture_goes_through_the_twin_once(
        self, flows: dict[Split, FlowSet], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        network = Siamese(SMALL)
        seen = 0
        features = network.features

        def counted(pictures: torch.Tensor) -> torch.Tensor:
            nonlocal seen
            seen += len(pictures)
            return features(pictures)

        monkeypatch.setattr(network, "features", counted)
        flow = flows[Split.TEST]
        one, other = np.triu_indices(len(flow), 1)
        logits = logits_of(network, flow.pictures, one, other)
        assert seen == len(flow)
        alone = logits_of(network, flow.pictures, other[5:6], one[5:6])
        assert logits[5] == pytest.approx(float(alone[0]), abs=1e-5)

    def test_a_grown_network_weighs_a_larger_picture_as_the_smaller(self) -> None:
        small = Siamese(SMALL)
        large = grown(small, SiameseSize(side=64, channels=SMALL.channels, features=SMALL.features))
        seen = torch.rand(3, SMALL.channels[2], SMALL.flat_side, SMALL.flat_side)
        larger = seen.repeat_interleave(4, 2).repeat_interleave(4, 3)
        with torch.inference_mode():
            wanted, found = small.dense(seen.flatten(1)), large.dense(larger.flatten(1))
        assert torch.allclose(wanted, found, atol=1e-5)
        assert torch.equal(small.conv2.weight, large.conv2.weight)


def share_of_others(batches: Sequence[Batch]) -> float:
    """The share of right answers of one that always says no match."""
    return float(1 - pairs_of(batches)[2].mean())


class TestShippedWeights:
    def test_nothing_that_they_are_made_of_is_written_over(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        film = tmp_path / "film.npz"
        film.write_bytes(b"a film that there is once in the world")
        for out, said in (
            (film, "it is what this training reads"),
            (tmp_path / "film.mp4", "does not end with .npz"),
        ):
            assert main([str(tmp_path), "--out", str(out)]) == 1
            assert said in capsys.readouterr().err
        assert main([str(tmp_path / "nothing"), "--out", str(tmp_path / "new.npz")]) == 1
        assert "choose another folder" in capsys.readouterr().err
        assert [path.name for path in tmp_path.iterdir()] == ["film.npz"]
        assert film.read_bytes().startswith(b"a film")


class TestGenerated:
    def test_the_same_seed_draws_the_same(self) -> None:
        one, again, other = (generated(seed, 2, worlds=2) for seed in (1, 1, 2))
        assert np.array_equal(one.flow.pictures, again.flow.pictures)
        assert not np.array_equal(one.flow.pictures, other.flow.pictures)
        assert one.steps.tolist() == [0, 0, 1, 1]

    def test_a_tenth_of_planted_pairs_are_matches_and_some_go_another_way(self) -> None:
        pairs = planted(5, 6, worlds=3)
        assert len(pairs.truth) == 60
        assert pairs.truth.sum() == 6
        assert (pairs.sorts == "other way").sum() >= 6
        assert (pairs.first != pairs.second).all()
        text = planted_text(Siamese(SMALL), pairs)
        assert "60 planted pairs, 0.100 of them matches" in text

    def test_a_mirrored_step_is_as_fast_the_other_way(self) -> None:
        step = drawn_step(np.random.default_rng(0))
        other = step.mirrored(across=True, upright=False)
        assert (other.right, other.down) == (-step.right, step.down)
        assert (
            other.mirrored(across=True, upright=False) == pytest.approx(step) or other.turned == -step.turned
        )
