"""Training labels on one's own shots: films are kept apart, what can be learnt is learnt, and the report is right."""

from __future__ import annotations

import json
from collections import Counter
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
import torch
from av.video.stream import VideoStream
from numpy.typing import NDArray
from safetensors import safe_open
from safetensors.torch import save_file

from seamline.errors import Cancelled, ExchangeError, ModelError
from seamline.media.film import Film
from seamline.media.open_film import open_film
from seamline.models import videomae_weights
from seamline.models.videomae import VideoMAE, VideoMAESize
from seamline.models.videomae_classes import MOVEMENTS, SCALES
from seamline.progress import CancellableProgress, Progress
from seamline.project.labels import PublishedMovement, ShotScale
from seamline.training import label_run, label_training
from seamline.training.label_clips import LabelledClip, held_films, read_clips
from seamline.training.label_inputs import FilmShot, features_of
from seamline.training.label_pictures import pictures_of
from seamline.training.label_report import report, scores_of
from seamline.training.label_run import LabelRun, train_labels
from seamline.training.label_training import UNLABELLED, LabelTraining, Recipe, loss_of

TOY = VideoMAESize(side=32, width=24, layers=2, heads=3, inner=48)
SHOT_FRAMES = 4
HEADER = "film,start_frame,end_frame,scale,movement\n"


def opened(path: Path, progress: Progress) -> Film:
    return open_film(path, progress=progress)


def toy_film(path: Path, labels: list[tuple[int, int]], seed: int) -> None:
    """A film whose shots tell their class by their colours: the scale's in red and green, the movement's in blue."""
    random = np.random.default_rng(seed)
    with av.open(path, "w") as container:
        video = container.add_stream("mpeg4", rate=Fraction(25), options={"qscale": "2"})
        assert isinstance(video, VideoStream)
        video.width, video.height, video.pix_fmt = 64, 48, "yuv420p"
        for scale, movement in labels:
            turn = 2 * np.pi * scale / 5
            colour = (128 + 100 * np.cos(turn), 128 + 100 * np.sin(turn), 20 + 70 * movement)
            for _ in range(SHOT_FRAMES):
                picture = np.clip(np.array(colour) + random.normal(0, 6, (48, 64, 3)), 0, 255)
                container.mux(
                    video.encode(av.VideoFrame.from_ndarray(picture.astype(np.uint8), format="rgb24"))
                )
        container.mux(video.encode(None))


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Four films of 20 shots, every combination of the classes once in each; some labels are left empty."""
    folder = tmp_path_factory.mktemp("clips")
    text = HEADER
    for number in range(4):
        labels = [(scale, movement) for scale in range(5) for movement in range(4)]
        np.random.default_rng(number).shuffle(labels)
        toy_film(folder / f"film{number}.mp4", labels, number)
        for at, (scale, movement) in enumerate(labels):
            said = "" if at == 3 else SCALES[scale]
            moved = "" if at == 5 else MOVEMENTS[movement]
            text += f"film{number}.mp4,{at * SHOT_FRAMES},{(at + 1) * SHOT_FRAMES},{said},{moved}\n"
    path = folder / "clips.csv"
    path.write_text(text)
    return path


@pytest.fixture(scope="module")
def weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    torch.manual_seed(1)
    path = tmp_path_factory.mktemp("weights") / "toy.safetensors"
    save_file(VideoMAE(TOY).state_dict(), path)
    return path


def a_run(table: Path, weights: Path, out: Path, epochs: int = 3, **others: bool) -> LabelRun:
    return LabelRun(table, weights, out, epochs=epochs, size=TOY, trunk=others.get("trunk", False))


def stopping_at(limit: int) -> CancellableProgress:
    """A progress that cancels itself there."""
    progress = CancellableProgress(lambda done, _: progress.cancel() if done >= limit else None)
    return progress


class TestTable:
    def test_it_is_read_as_it_is_written(self, tmp_path: Path) -> None:
        (tmp_path / "a.mp4").touch()
        (tmp_path / "t.csv").write_text(
            "comment,film,start_frame,end_frame,scale,movement\nx,a.mp4,0,5,ecs,Push\n,a.mp4,5,9,,pan-left\n"
        )
        one, other = read_clips(tmp_path / "t.csv")
        assert (one.film, one.start_frame, one.end_frame) == (tmp_path / "a.mp4", 0, 5)
        assert (one.scale, one.movement) == (ShotScale.ECS, PublishedMovement.PUSH)
        assert (other.scale, other.movement, other.line) == (None, PublishedMovement.MOTION, 3)

    @pytest.mark.parametrize(
        ("line", "message"),
        [
            ("a.mp4,0,5,XS,", "line 3: scale is one of ECS, CS, MS, FS, LS, not “XS”"),
            ("a.mp4,0,5,,zoom", "line 3: movement is one of static, .*, not “zoom”"),
            ("a.mp4,0,5,,", "line 3: it says neither"),
            ("a.mp4,0,0,MS,", "line 3: the shot ends at 0"),
            ("a.mp4,-1,5,MS,", "line 3: start_frame is a whole number from 0, not “-1”"),
            ("a.mp4,0,1e3,MS,", "line 3: end_frame is a whole number"),
            ("a.mp4,0,99999999999,MS,", "line 3: end_frame is a whole number"),
            ("b.mp4,0,5,MS,", r"line 3: there is no film “.*b\.mp4”"),
            (",0,5,MS,", "line 3: it names no film"),
            ("a.mp4,3", "line 3: end_frame is a whole number from 0, not “”"),
        ],
    )
    def test_a_bad_line_is_named(self, line: str, message: str, tmp_path: Path) -> None:
        (tmp_path / "a.mp4").touch()
        (tmp_path / "t.csv").write_text(f"{HEADER}a.mp4,0,5,MS,static\n{line}\n")
        with pytest.raises(ExchangeError, match=f"{message}.*Correct that line"):
            read_clips(tmp_path / "t.csv")

    @pytest.mark.parametrize(
        ("content", "message"),
        [
            (b"film,start_frame,end_frame,scale\n", "has no column movement"),
            (b"", "has no column film"),
            (HEADER.encode(), "holds no shots"),
            (HEADER.encode() + b"\xff\xfe", "is not a text file in UTF-8"),
        ],
    )
    def test_another_file_is_refused(self, content: bytes, message: str, tmp_path: Path) -> None:
        (tmp_path / "t.csv").write_bytes(content)
        with pytest.raises(ExchangeError, match=message):
            read_clips(tmp_path / "t.csv")

    def test_a_shot_beyond_the_films_end_is_named(self, table: Path, weights: Path, tmp_path: Path) -> None:
        longer = table.with_name("longer.csv")
        longer.write_text(f"{HEADER}film0.mp4,0,4,MS,\nfilm1.mp4,70,81,MS,\n")
        with pytest.raises(ExchangeError, match=r"line 3: “film1\.mp4” has frames 0 to 79"):
            train_labels(a_run(longer, weights, tmp_path), opened, progress=CancellableProgress())


def clips_of(films: list[str], scales: list[int] | None = None) -> tuple[LabelledClip, ...]:
    """A shot of each, of these scales by number; of the first unless told."""
    numbers = scales or [0] * len(films)
    return tuple(
        LabelledClip(Path(film), 0, 1, SCALES[number], None, 1)
        for film, number in zip(films, numbers, strict=True)
    )


def held_of(films: list[str], seed: int, scales: list[int] | None = None) -> frozenset[str]:
    return held_films(clips_of(films, scales), films, seed)


class TestSplit:
    @pytest.mark.parametrize("seed", range(20))
    def test_a_film_is_on_one_side_and_both_have_some(self, seed: int) -> None:
        random = np.random.default_rng(seed)
        films = [f"film {number}" for number in random.integers(0, random.integers(2, 9), 60)]
        held = held_of(films, seed)
        assert 1 <= len(held) < len(set(films))
        assert held == held_of(films[::-1], seed), "whatever the order of the shots"

    def test_the_seed_chooses(self) -> None:
        films = [f"film {number % 8}" for number in range(80)]
        assert len({held_of(films, seed) for seed in range(10)}) > 3
        assert len(held_of(films, 0)) == 2, "a quarter"

    @pytest.mark.parametrize("seed", range(30))
    def test_never_is_most_held_back(self, seed: int) -> None:
        assert held_of(["big"] * 950 + ["small"] * 50, seed) == {"small"}
        films = ["a"] * 300 + ["b"] * 10 + ["c"] * 10 + ["d"] * 10
        assert held_of(films, seed) == {"b", "c", "d"}
        sizes = np.random.default_rng(seed).integers(1, 200, 2 + seed % 9)
        films = [f"film {at}" for at, size in enumerate(sizes) for _ in range(size)]
        held = held_of(films, seed)
        assert sum(film in held for film in films) <= len(films) / 2

    @pytest.mark.parametrize("seed", range(20))
    def test_every_class_is_on_both_sides_if_it_can_be(self, seed: int) -> None:
        # close-ups in two of eight films alone: one of them is held back, the other learnt from
        films = [f"film {number % 8}" for number in range(80)]
        scales = [1 if film in ("film 2", "film 5") else number % 3 * 2 for number, film in enumerate(films)]
        assert len(held_of(films, seed, scales) & {"film 2", "film 5"}) == 1

    def test_one_film_is_not_enough(self) -> None:
        with pytest.raises(ExchangeError, match="Label some shots of another film"):
            held_of(["one"] * 9, 0)

    def test_a_copy_under_another_name_is_the_same_film(
        self, table: Path, weights: Path, tmp_path: Path
    ) -> None:
        film = table.with_name("film0.mp4")
        (tmp_path / "a.mp4").write_bytes(film.read_bytes())
        (tmp_path / "b.mp4").write_bytes(film.read_bytes())
        (tmp_path / "t.csv").write_text(f"{HEADER}a.mp4,0,4,MS,\nb.mp4,4,8,CS,\n")
        with pytest.raises(ExchangeError, match="of one film"):
            train_labels(a_run(tmp_path / "t.csv", weights, tmp_path), opened, progress=CancellableProgress())


class TestRun:
    def test_what_can_be_learnt_is_learnt(self, table: Path, weights: Path, tmp_path: Path) -> None:
        steps: list[int] = []
        progress = CancellableProgress(lambda done, _: steps.append(done))
        result = train_labels(a_run(table, weights, tmp_path, 250), opened, progress=progress)
        facts = json.loads((tmp_path / "report.json").read_text())
        assert facts["scale"]["accuracy"] > 0.6  # chance: 0.2
        assert facts["movement"]["accuracy"] > 0.6  # chance: 0.25
        assert facts["scale"]["accuracy"] > facts["scale"]["accuracy_before"] + 0.2
        assert facts["scale"]["shots"] == 19, "one has no such label"
        assert len(facts["held"]) == 1
        assert result.report.strip() == (tmp_path / "report.txt").read_text().strip()
        assert facts["held"][0] in result.report
        assert (steps[-1], steps) == (1000, sorted(steps))
        # the weights are those that the report is about, and a whole file of the network
        trained = videomae_weights.load(result.weights, TOY)
        first = videomae_weights.load(weights, TOY)
        same = [
            name
            for name, values in first.state_dict().items()
            if torch.equal(values, trained.state_dict()[name])
        ]
        assert all(name.startswith("vmae.") for name in same)
        assert len(same) == len([name for name in first.state_dict() if name.startswith("vmae.")])
        with safe_open(result.weights, framework="pt") as file:
            told = file.metadata()
        assert (told["made_by"], told["format"]) == ("seamline train labels", "pt")
        assert json.loads(told["facts"])["seed"] == 0
        assert not (tmp_path / "label_training.checkpoint").exists()

    def test_the_whole_network_can_be_trained(self, table: Path, weights: Path, tmp_path: Path) -> None:
        result = train_labels(
            a_run(table, weights, tmp_path, 1, trunk=True), opened, progress=CancellableProgress()
        )
        trained, first = (videomae_weights.load(path, TOY).state_dict() for path in (result.weights, weights))
        assert not [name for name, values in first.items() if torch.equal(values, trained[name])]

    @pytest.mark.parametrize("trunk", [False, True])
    def test_cancelled_it_goes_on_as_if_nothing_had_been(
        self,
        trunk: bool,
        table: Path,
        weights: Path,
        tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        monkeypatch.setattr(label_training, "_CHECKPOINT_EVERY_S", 0)
        whole, broken = tmp_path / "whole", tmp_path / "broken"
        train_labels(a_run(table, weights, whole, trunk=trunk), opened, progress=CancellableProgress())
        run = a_run(table, weights, broken, trunk=trunk)
        for limit in (200 if trunk else 600, 960 if not trunk else 700):
            with pytest.raises(Cancelled):
                train_labels(run, opened, progress=stopping_at(limit))
        assert (broken / "label_training.checkpoint").exists()
        again = train_labels(run, opened, progress=CancellableProgress())
        found = videomae_weights.load(again.weights, TOY).state_dict()
        for name, values in videomae_weights.load(whole / "labels.safetensors", TOY).state_dict().items():
            assert torch.equal(values, found[name]), name

    def test_a_checkpoint_of_something_else_is_refused(
        self, table: Path, weights: Path, tmp_path: Path
    ) -> None:
        other = LabelTraining(VideoMAE(TOY), Recipe(3, 1, whole=False), "something else")
        other.save(tmp_path / "label_training.checkpoint")
        with pytest.raises(ModelError, match="checkpoint of other shots"):
            train_labels(a_run(table, weights, tmp_path), opened, progress=CancellableProgress())
        (tmp_path / "label_training.checkpoint").write_bytes(b"damaged")
        with pytest.raises(ModelError, match="delete it to begin anew"):
            train_labels(a_run(table, weights, tmp_path), opened, progress=CancellableProgress())

    def test_what_it_reads_is_never_written_over(self, table: Path, weights: Path, tmp_path: Path) -> None:
        own = tmp_path / label_run.WEIGHTS_FILE
        own.write_bytes(weights.read_bytes())
        clips = tmp_path / label_run.REPORT_FILE
        clips.write_text(table.read_text().replace("\nfilm", f"\n{table.parent}/film"))
        for run in (a_run(table, own, tmp_path), a_run(clips, weights, tmp_path)):
            with pytest.raises(ExchangeError, match="would be written over, and it is what this training"):
                train_labels(run, opened, progress=CancellableProgress())
        assert own.read_bytes() == weights.read_bytes()

    def test_features_are_made_once(
        self, table: Path, weights: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        network = videomae_weights.load(weights, TOY)
        film = open_film(table.with_name("film0.mp4"))
        shots = [FilmShot(film, 0, 4), FilmShot(film, 4, 8)]
        made = features_of(network, shots, tmp_path, "a" * 64, progress=CancellableProgress())
        clip = pictures_of(TOY, shots, tmp_path, progress=CancellableProgress())[np.arange(2)]
        with torch.inference_mode():
            wanted = network.features(torch.from_numpy(clip)).numpy()
        assert np.abs(made - wanted).max() < 1e-5
        monkeypatch.setattr(VideoMAE, "features", None)
        again = features_of(network, shots[::-1], tmp_path, "a" * 64, progress=CancellableProgress())
        assert np.array_equal(again, made[::-1])


class TestLearning:
    def test_training_holds_no_more_than_a_batch(self) -> None:
        class Asked:
            def __init__(self) -> None:
                self.rows: list[NDArray[np.int64]] = []

            def __getitem__(self, rows: NDArray[np.int64], /) -> NDArray[np.float32]:
                self.rows.append(rows)
                return np.zeros((len(rows), TOY.width), np.float32)

        inputs, rows, steps = Asked(), np.arange(0, 200, 2), []
        training = LabelTraining(VideoMAE(TOY), Recipe(2, 0, whole=False))
        training.run(inputs, np.zeros((200, 2), np.int64), rows, progress=CancellableProgress())
        assert max(map(len, inputs.rows)) == 32
        assert sorted(np.concatenate(inputs.rows[:4]).tolist()) == rows.tolist()
        progress = CancellableProgress(lambda done, total: steps.append((done, total)))
        assert training.predict(inputs, rows, progress=progress).shape == (100, 2)
        assert steps == [(0, 100), (32, 100), (64, 100), (96, 100), (100, 100)]
        with pytest.raises(Cancelled):
            training.predict(inputs, rows, progress=stopping_at(32))

    def test_the_loss_is_the_sum_of_both_cross_entropies(self) -> None:
        scale, movement = torch.randn(3, 5), torch.randn(3, 4)
        targets = torch.tensor([[1, 2], [4, UNLABELLED], [0, 3]])
        by_hand = (
            -scale.log_softmax(1)[[0, 1, 2], [1, 4, 0]].mean()
            - movement.log_softmax(1)[[0, 2], [2, 3]].mean()
        )
        assert torch.isclose(loss_of((scale, movement), targets), by_hand)

    def test_a_batch_without_any_label_teaches_nothing(self) -> None:
        logits = torch.randn(2, 5, requires_grad=True), torch.randn(2, 4, requires_grad=True)
        loss = loss_of(logits, torch.full((2, 2), UNLABELLED))
        loss.backward()  # type: ignore[no-untyped-call]
        assert loss == 0
        assert logits[0].grad is not None
        assert not logits[0].grad.any()

    def test_the_rate_rises_then_falls(self) -> None:
        recipe = Recipe(5, 0, whole=True)
        rates = [recipe.rate(step, 100) for step in range(100)]
        assert max(rates) == pytest.approx(5e-5, rel=0.05)
        assert rates[0] < rates[9] > rates[50] > rates[99] > 0


class TestReport:
    def test_it_is_right(self) -> None:
        truth = np.array([[0, 0], [0, 1], [1, UNLABELLED], [1, 3]])
        said = np.array([[0, 0], [1, 1], [1, 0], [1, 1]])
        before = np.array([[4, 0], [4, 0], [4, 0], [1, 0]])
        scores = scores_of(truth, said, before, np.array([[0, 0], [4, 1], [1, 2], [2, 3], [3, UNLABELLED]]))
        facts = scores[0].facts
        assert (facts["shots"], facts["accuracy"], facts["accuracy_before"]) == (4, 0.75, 0.25)
        # ECS: precision 1, recall 1/2; CS: precision 2/3, recall 1
        assert facts["macro_f1"] == pytest.approx((2 / 3 + 4 / 5) / 2)
        assert facts["classes"]["CS"] == {"shots": 2, "precision": 2 / 3, "recall": 1.0, "f1": 0.8}
        assert np.array(facts["confusion"])[:2, :2].tolist() == [[1, 1], [0, 2]]
        assert scores[1].facts["shots"] == 3
        assert scores[1].facts["accuracy"] == pytest.approx(2 / 3)
        assert Counter(scores[1].truth)[PublishedMovement.PUSH] == 1
        text = report(scores, 9, 2, ["b.mp4"])
        assert "Learnt from 9 shots of 2 films; tested by shots of “b.mp4”" in text
        assert "Scale: 4 shots, accuracy 0.750 (before 0.250), macro-F1 0.733" in text

    def test_classes_that_were_not_tested_or_not_learnt_are_named(self) -> None:
        truth = np.array([[0, 0], [0, 1], [1, UNLABELLED], [1, 3]])
        learnt = np.array([[0, 0], [0, 1], [1, 2], [2, UNLABELLED], [3, 3]])
        scale, movement = scores_of(truth, truth, truth, learnt)
        assert "Of 2 of 5 classes: no shot held back is MS, FS or LS." in scale.text
        assert "No shot learnt from is LS." in scale.text
        assert (scale.facts["untested"], scale.facts["unlearnt"]) == (["MS", "FS", "LS"], ["LS"])
        assert "Of 3 of 4 classes: no shot held back is Pull." in movement.text
        assert "No shot learnt from" not in movement.text
        every = np.array([[at, at % 4] for at in range(5)])
        assert "classes:" not in "".join(each.text for each in scores_of(every, every, every, every))

    def test_a_task_without_labels_says_so(self) -> None:
        none = np.array([[0, UNLABELLED]])
        scores = scores_of(none, np.zeros((1, 2), np.int64), np.zeros((1, 2), np.int64), none)
        assert scores[1].facts["shots"] == 0
        assert "No shot learnt from is Static, Motion, Pull or Push." in scores[1].text
        assert "no shot of the films held back has such a label" in scores[1].text


def test_the_published_size_is_what_is_trained_unless_told() -> None:
    run = LabelRun(Path("a"), Path("b"), Path("c"))
    assert run.size.layers == 12
    assert label_run.WEIGHTS_FILE.endswith(".safetensors")
