"""The network learns, goes on from a checkpoint as if nothing had been, and ships as what the session reads."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import cycle, islice, repeat
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING

import numpy as np
import pytest
import torch

from seamline.errors import Cancelled, MediaError, ModelError
from seamline.models import seam_net_session
from seamline.models.seam_evidence import evidence_maps
from seamline.models.seam_net import SeamNet
from seamline.progress import CancellableProgress
from seamline.training import training_windows
from seamline.training.seam_films import UNLABELLED, labelled
from seamline.training.seam_net_training import Schedule, Training, loss_of, main
from seamline.training.seam_net_weights import read_weights, write_weights
from seamline.training.seam_sources import EditedFilm, Footage, FootageFolders, gather
from seamline.training.training_windows import (
    EDGE_GAPS,
    ReplayBuffer,
    Window,
    WindowProcess,
    windows,
    windows_of,
)

if TYPE_CHECKING:
    from films import FilmShelf


@pytest.fixture(scope="module")
def some_windows(edited_film: EditedFilm) -> list[Window]:
    return list(windows_of(labelled(edited_film.pictures, edited_film.truth)))


@pytest.fixture
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("seamline.training.seam_net_training.BATCH", 2)
    monkeypatch.setattr(ReplayBuffer, "LEAST", 6)


@pytest.fixture(scope="module")
def short_windows(some_windows: list[Window]) -> list[Window]:
    """Of 100 gaps, of which 52 count: quick to learn from."""
    return [
        Window(window.maps[:100], window.classes[:100], window.middle[:100], window.film)
        for window in some_windows
    ]


def state_of(training: Training) -> dict[str, torch.Tensor]:
    return {name: values.clone() for name, values in training.net.state_dict().items()}


class TestWindows:
    def test_lie_160_gaps_apart_and_carry_their_labels(
        self, edited_film: EditedFilm, some_windows: list[Window]
    ) -> None:
        film = labelled(edited_film.pictures, edited_film.truth)
        assert len(some_windows) == 4
        for number, window in enumerate(some_windows):
            start = 160 * number
            assert window.maps.dtype == np.float16
            assert window.maps.shape == (192, 15, 14, 24)
            assert window.classes.tolist() == film.classes[start : start + 192].tolist()
            expected = evidence_maps(film.pictures[start : start + 193])
            assert np.abs(window.maps - expected).max() < 1e-3

    def test_go_on_at_any_film(self, footage: Footage) -> None:
        begun = list(islice(windows(footage, 4), 8))
        second = next(at for at, window in enumerate(begun) if window.film == 1)
        again = next(windows(footage, 4, first_film=1))
        assert np.array_equal(again.maps, begun[second].maps)

    def test_come_from_a_process_of_their_own(
        self, films: FilmShelf, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        path = films.make_film(tmp_path / "clip.mp4", frames=120, cuts=(), size=(96, 54)).path
        folders = FootageFolders((path,), drawn=0)
        with WindowProcess(folders, 2) as drawn:
            received = list(islice(drawn, 3))
        for one, other in zip(received, windows(gather(folders), 2), strict=False):
            assert np.array_equal(one.maps, other.maps)
            assert np.array_equal(one.classes, other.classes)

    def test_an_error_of_that_process_is_raised_here(self) -> None:
        """It works in a thread here, which takes less time to start."""
        source = WindowProcess(FootageFolders(drawn=0), 1)
        work = Thread(target=training_windows._draw, args=(FootageFolders(drawn=0), 1, 0, source._queue))
        work.start()
        work.join()
        with pytest.raises(MediaError, match="no footage"):
            next(source._received())
        source._queue.close()
        source._queue.join_thread()


class TestReplay:
    @staticmethod
    def numbered() -> Iterator[Window]:
        empty = np.empty(0, np.float16), np.empty(0, np.int64), np.empty(0, np.float32)
        for number in range(10_000):
            yield Window(*empty, film=number)

    def test_keeps_within_its_limits_and_forgets_what_was_used(self) -> None:
        replay = ReplayBuffer(self.numbered(), np.random.default_rng(1))
        drawn = [window.film for _ in range(400) for window in replay.batch(8)]
        assert len(replay._held) <= 400
        assert replay.next_film == max(window.film for window in replay._held) + 1
        assert replay.next_film > 1000
        assert 1 < len(drawn) / len(set(drawn)) < 4

    def test_the_same_seed_gives_the_same_batches(self) -> None:
        def batches(seed: int) -> list[list[int]]:
            replay = ReplayBuffer(self.numbered(), np.random.default_rng(seed))
            return [[window.film for window in replay.batch(8)] for _ in range(120)]

        assert batches(1) == batches(1) != batches(2)
        assert all(len(set(batch)) == 8 for batch in batches(1))


@pytest.mark.usefixtures("small_batches")
class TestTraining:
    def test_some_steps_lower_the_loss(self, short_windows: list[Window]) -> None:
        training = Training(Schedule(steps=12))
        losses: list[tuple[int, float]] = []
        before = self.loss(training, short_windows)
        training.run(
            cycle(short_windows),
            progress=CancellableProgress(),
            on_losses=lambda step, loss: losses.append((step, loss)),
        )
        assert training.step == 12
        assert self.loss(training, short_windows) < 0.8 * before

    @staticmethod
    def loss(training: Training, some: list[Window]) -> float:
        """Without dropout, with the batch's own norms."""
        for module in training.net.modules():
            module.train(not isinstance(module, torch.nn.Dropout))
        with torch.no_grad():
            return loss_of(training.net, some).item()

    def test_edges_and_unlabelled_gaps_do_not_count(self, some_windows: list[Window]) -> None:
        torch.manual_seed(0)
        net = SeamNet().eval()
        window = some_windows[0]
        loss = loss_of(net, [window])
        classes, middle = window.classes.copy(), window.middle.copy()
        classes[:EDGE_GAPS], classes[-EDGE_GAPS:] = 3, 4
        middle[:EDGE_GAPS] = middle[-EDGE_GAPS:] = 1
        assert loss_of(net, [Window(window.maps, classes, middle, 0)]) == loss
        ignored = window.classes.copy()
        ignored[100:110] = UNLABELLED
        one = loss_of(net, [Window(window.maps, ignored, window.middle, 0)])
        other_middle = window.middle.copy()
        other_middle[100:110] = 1
        assert loss_of(net, [Window(window.maps, ignored, other_middle, 0)]) == one

    def test_the_learning_rate_rises_then_falls(self) -> None:
        schedule = Schedule(steps=10_000)
        assert schedule.learning_rate(0) == pytest.approx(2e-3 * 0.01 * 1.01)
        assert schedule.learning_rate(100) == pytest.approx(2e-3 * 1.01, rel=1e-3)
        assert schedule.learning_rate(5000) == pytest.approx(2e-3 * 0.51)
        assert schedule.learning_rate(9999) == pytest.approx(2e-3 * 0.01, rel=1e-3)

    def test_goes_on_from_a_checkpoint_as_if_nothing_had_been(
        self, short_windows: list[Window], tmp_path: Path
    ) -> None:
        """All windows alike, since what the buffer held is drawn anew."""
        same = repeat(short_windows[0])
        whole = Training(Schedule(steps=6))
        whole.run(same, progress=CancellableProgress())
        broken = Training(Schedule(steps=6))
        progress = CancellableProgress(lambda done, total: progress.cancel() if done == 3 else None)
        with pytest.raises(Cancelled):
            broken.run(same, progress=progress, checkpoint=tmp_path / "c")
        torch.manual_seed(99)
        resumed = Training(Schedule(steps=6))
        resumed.load(tmp_path / "c")
        assert resumed.step == broken.step == 4
        assert resumed.next_film == broken.next_film > 0
        resumed.run(same, progress=CancellableProgress())
        assert resumed.step == 6
        for name, values in state_of(whole).items():
            assert torch.equal(values, state_of(resumed)[name]), name

    def test_refuses_a_checkpoint_that_does_not_fit(self, tmp_path: Path) -> None:
        Training(Schedule(steps=6, seed=1)).save(tmp_path / "c")
        with pytest.raises(ModelError, match="checkpoint of 6 steps from seed 1"):
            Training(Schedule(steps=7, seed=1)).load(tmp_path / "c")
        (tmp_path / "c").write_bytes(b"damaged")
        with pytest.raises(ModelError, match="delete it to begin anew"):
            Training(Schedule(steps=6, seed=1)).load(tmp_path / "c")


class TestWeights:
    def test_are_what_the_session_reads(
        self, edited_film: EditedFilm, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        torch.manual_seed(3)
        net = SeamNet()
        maps = evidence_maps(edited_film.pictures[:100])
        net(torch.from_numpy(maps)[None])  # moves the norms' running values
        write_weights(net, tmp_path / "net.npz")
        content = (tmp_path / "net.npz").read_bytes()
        monkeypatch.setattr(seam_net_session, "weights_bytes", lambda: content)
        classes, middle = seam_net_session.SeamNetSession().predict(maps)
        again = SeamNet()
        read_weights(again, tmp_path / "net.npz")
        with torch.inference_mode():
            logits = again.eval()(torch.from_numpy(maps)[None])[0]
        assert np.abs(torch.softmax(logits[:, :5], -1).numpy() - classes).max() < 1e-5
        assert np.abs(torch.sigmoid(logits[:, 5]).numpy() - middle).max() < 1e-5
        with torch.inference_mode():
            exact = net.eval()(torch.from_numpy(maps)[None])[0]
        assert np.abs(torch.softmax(exact[:, :5], -1).numpy() - classes).max() < 1e-2  # half precision

    def test_have_the_names_of_those_that_ship(self, tmp_path: Path) -> None:
        write_weights(SeamNet(), tmp_path / "net.npz")
        shipped = Path(seam_net_session.__file__).parent / "weights" / seam_net_session.WEIGHTS_FILE
        with np.load(tmp_path / "net.npz") as ours, np.load(shipped) as theirs:
            assert set(ours.files) == set(theirs.files)
            for name in ours.files:
                assert (ours[name].shape, ours[name].dtype) == (theirs[name].shape, theirs[name].dtype)

    def test_that_do_not_fit_are_refused(self, tmp_path: Path) -> None:
        path = tmp_path / "net.npz"
        path.write_bytes(b"none")
        with pytest.raises(ModelError, match="holds no weights"):
            read_weights(SeamNet(), path)
        np.savez(path, other=np.zeros(3, np.float16))
        with pytest.raises(ModelError, match=r"does not fit the seam network at conv1\.weight"):
            read_weights(SeamNet(), path)


@pytest.mark.usefixtures("small_batches")
def test_the_command_trains_writes_and_goes_on(
    footage: Footage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    class InThisProcess(WindowProcess):
        def __init__(self, folders: FootageFolders, seed: int, first_film: int = 0, **_: object) -> None:
            self._first_film, self._seed = first_film, seed

        def __enter__(self) -> Iterator[Window]:
            return windows(footage, self._seed, self._first_film)

        def __exit__(self, *_: object) -> None:
            pass

    monkeypatch.setattr("seamline.training.seam_net_training.WindowProcess", InThisProcess)
    monkeypatch.setattr("seamline.training.seam_net_training.signal.signal", lambda *_: None)
    out, checkpoint = tmp_path / "net.npz", tmp_path / "net.checkpoint"
    Training(Schedule(steps=3, seed=5)).save(checkpoint)
    assert main(["--steps", "3", "--seed", "5", "--out", str(out)]) == 0
    assert "goes on after step 0" in capsys.readouterr().out
    assert out.exists()
    assert not checkpoint.exists()
    assert main(["--steps", "1", "--out", str(tmp_path / "none" / "net.npz")]) == 1
    assert "none" in capsys.readouterr().err
    assert training_windows.WINDOW_GAPS == 192
