"""The pictures of labelled shots lie in one file: made once, mapped, and never more than the disk holds."""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from numpy.typing import NDArray
from safetensors.torch import save_file

from seamline.errors import Cancelled, ExchangeError
from seamline.media.open_film import open_film
from seamline.models.videomae import VideoMAE, VideoMAESize
from seamline.progress import CancellableProgress
from seamline.training.label_inputs import FilmShot, ShotPictures
from seamline.training.label_pictures import pictures_of
from seamline.training.label_training import LabelTraining, Recipe, tensors_written

if TYPE_CHECKING:
    from films import FilmShelf

TOY = VideoMAESize(side=32, width=24, layers=2, heads=3, inner=48)


def stopping_at(limit: int) -> CancellableProgress:
    """A progress that cancels itself there."""
    progress = CancellableProgress(lambda done, _: progress.cancel() if done >= limit else None)
    return progress


@pytest.fixture(scope="module")
def shots(films: FilmShelf, tmp_path_factory: pytest.TempPathFactory) -> list[FilmShot]:
    """Eight shots of two films."""
    folder = tmp_path_factory.mktemp("films")
    opened = [
        open_film(films.make_film(folder / f"{cut}.mp4", frames=16, size=(64, 48), cuts=(cut,)).path)
        for cut in (5, 9)
    ]
    return [FilmShot(film, at * 4, at * 4 + 4) for film in opened for at in range(4)]


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The keys of the shots whose pictures were read."""
    keys: list[str] = []
    of = ShotPictures.of

    def told(pictures: ShotPictures, shot: FilmShot, check: Callable[[], None]) -> NDArray[np.uint8]:
        keys.append(shot.key)
        return of(pictures, shot, check)

    monkeypatch.setattr(ShotPictures, "of", told)
    return keys


def test_they_are_made_once_whatever_the_order(
    shots: list[FilmShot], made: list[str], tmp_path: Path
) -> None:
    all_of = pictures_of(TOY, shots[:6], tmp_path, progress=CancellableProgress())[np.arange(6)]
    assert (all_of.shape, all_of.dtype) == ((6, 16, 32, 32, 3), np.uint8)
    some = pictures_of(TOY, [shots[at] for at in (7, 4, 1, 4, 0)], tmp_path, progress=CancellableProgress())
    assert len(some) == 5
    assert np.array_equal(some[np.array([1, 2, 3])], all_of[[4, 1, 4]])
    assert made == [shot.key for shot in [*shots[:6], shots[7]]]
    assert not np.array_equal(all_of[0], all_of[1])


def test_what_was_made_before_a_cancellation_is_kept(
    shots: list[FilmShot], made: list[str], tmp_path: Path
) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    whole = pictures_of(TOY, shots, elsewhere, progress=CancellableProgress())[np.arange(8)]
    made.clear()
    with pytest.raises(Cancelled):
        pictures_of(TOY, shots, tmp_path, progress=stopping_at(3))
    again = pictures_of(TOY, shots, tmp_path, progress=CancellableProgress())
    assert np.array_equal(again[np.arange(8)], whole)
    assert len(made) == 9, "the one at which it was cancelled twice, all others once"


@pytest.mark.parametrize("torn", ["pictures", "key", "last key"])
def test_what_a_crash_has_torn_is_made_again(
    torn: str, shots: list[FilmShot], made: list[str], tmp_path: Path
) -> None:
    whole = pictures_of(TOY, shots, tmp_path, progress=CancellableProgress())[np.arange(8)]
    file = tmp_path / ("pictures-32.raw" if torn == "pictures" else "pictures-32.txt")
    content = file.read_bytes()
    file.write_bytes(content[: -5 if torn != "key" else content.index(b"\n") + 9])
    made.clear()
    again = pictures_of(TOY, shots, tmp_path, progress=CancellableProgress())[np.arange(8)]
    assert np.array_equal(again, whole)
    assert len(made) == (7 if torn == "key" else 1)


def test_pictures_of_other_shots_do_not_pile_up(shots: list[FilmShot], tmp_path: Path) -> None:
    pictures_of(TOY, shots, tmp_path, progress=CancellableProgress())
    pictures_of(TOY, shots[:3], tmp_path, progress=CancellableProgress())
    assert (tmp_path / "pictures-32.raw").stat().st_size == 3 * 16 * 32 * 32 * 3


def test_a_disk_too_small_is_told_before_the_work(
    shots: list[FilmShot], made: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    free = SimpleNamespace(free=(100 << 20) + 8 * 49_152 - 1)
    monkeypatch.setattr("shutil.disk_usage", lambda _: free)
    with pytest.raises(ExchangeError, match=r"The pictures of 8 shots take .* GB, .* free some space"):
        pictures_of(TOY, shots, tmp_path, progress=CancellableProgress())
    assert made == []
    pictures_of(TOY, shots[:7], tmp_path, progress=CancellableProgress())


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no limit on a file's size")
@pytest.mark.parametrize("what", ["pictures", "checkpoint", "weights"])
def test_a_disk_that_fills_up_is_told(what: str, shots: list[FilmShot], tmp_path: Path) -> None:
    import resource

    path, (soft, hard) = tmp_path / "file.safetensors", resource.getrlimit(resource.RLIMIT_FSIZE)
    training = LabelTraining(VideoMAE(TOY), Recipe(1, 0, whole=True))

    def write() -> None:
        if what == "pictures":
            pictures_of(TOY, shots, tmp_path, progress=CancellableProgress())
        elif what == "checkpoint":
            training.save(path)
        else:
            with tensors_written(path) as part:
                save_file(training.network.state_dict(), part)

    before = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (60_000, hard))
    try:
        with pytest.raises(ExchangeError, match=r"[Ff]ree some space"):
            write()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, before)
    assert not path.exists()
    assert what == "pictures" or list(tmp_path.iterdir()) == []
