"""The network sees the exact frames of each shot, and is asked about each shot once."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from numpy.typing import NDArray

from seamline.analysis.videomae_labels import (
    KeptProbabilities,
    ShotProbabilities,
    clip_of,
    kept_probabilities,
    shot_probabilities,
)
from seamline.errors import Cancelled, MediaError
from seamline.media.film import Film
from seamline.media.open_film import open_film
from seamline.media.reader import FrameReader, Picture
from seamline.models.videomae_pictures import Clip, sampled_frames
from seamline.progress import CancellableProgress, Progress

if TYPE_CHECKING:
    from films import FilmShelf

Floats = NDArray[np.float32]
SHOTS = [(0, 25), (25, 60), (60, 100)]


class CountingNetwork:
    """Says what it was shown: the first frame's number as a probability."""

    key = "counting"

    def __init__(self, films: FilmShelf) -> None:
        self._films = films
        self.seen: list[list[int]] = []

    def probabilities(self, pictures: Clip, *, progress: Progress | None = None) -> tuple[Floats, Floats]:
        self.seen.append([self._films.read_number(picture) for picture in pictures])
        share = self.seen[-1][0] / 1000
        return np.array([share, 1 - share, 0, 0, 0], np.float32), np.array(
            [0, share, 1 - share, 0], np.float32
        )


@pytest.fixture(scope="module")
def film(films: FilmShelf) -> Film:
    return open_film(films("mp4").path)


@pytest.fixture
def network(films: FilmShelf) -> CountingNetwork:
    return CountingNetwork(films)


def test_a_clip_holds_the_exact_frames(film: Film, films: FilmShelf) -> None:
    reader = FrameReader(film)
    for shot in [(25, 60), (3, 10), (99, 100)]:
        clip = clip_of(reader, *shot)
        assert (clip.shape, clip.dtype) == ((16, 224, 224, 3), np.uint8)
        assert [films.read_number(picture) for picture in clip] == list(sampled_frames(*shot))
    reader.close()


def test_every_shot_is_asked_about_once(film: Film, network: CountingNetwork, tmp_path: Path) -> None:
    steps: list[tuple[int, int]] = []
    progress = CancellableProgress(lambda done, total: steps.append((done, total)))
    found = shot_probabilities(film, SHOTS, network, tmp_path, progress=progress)
    assert list(found) == SHOTS
    assert network.seen == [list(sampled_frames(*shot)) for shot in SHOTS]
    assert found[25, 60].scale[0] == pytest.approx(0.025)
    assert found[25, 60].movement[1] == pytest.approx(0.025)
    assert (steps[0], steps[-1]) == ((0, 3), (3, 3))
    assert steps == sorted(steps)
    again = shot_probabilities(film, SHOTS, network, tmp_path, progress=CancellableProgress())
    assert len(network.seen) == 3
    assert np.array_equal(again[0, 25].scale, found[0, 25].scale)


def test_a_moved_seam_asks_about_its_two_shots_alone(
    film: Film, network: CountingNetwork, tmp_path: Path
) -> None:
    shot_probabilities(film, SHOTS, network, tmp_path, progress=CancellableProgress())
    network.seen.clear()
    told = []
    shot_probabilities(
        film,
        [(0, 20), (20, 60), (60, 100)],
        network,
        tmp_path,
        progress=CancellableProgress(),
        on_shot=lambda frames, _: told.append(frames),
    )
    assert [seen[0] for seen in network.seen] == [0, 20]
    assert told == [(0, 20), (20, 60)], "only what is new"
    network.seen.clear()
    shot_probabilities(film, SHOTS, network, tmp_path, progress=CancellableProgress())
    assert network.seen == [], "undone: nothing is asked again"


def test_what_is_kept_is_told_at_once_and_without_the_network(
    film: Film, network: CountingNetwork, tmp_path: Path
) -> None:
    found = shot_probabilities(film, SHOTS[:2], network, tmp_path, progress=CancellableProgress())
    kept = kept_probabilities(SHOTS, network.key, tmp_path)
    assert list(kept) == SHOTS[:2], "one was never asked about"
    assert all(np.array_equal(kept[shot].movement, found[shot].movement) for shot in kept)
    assert kept_probabilities(SHOTS, "other weights", tmp_path) == {}
    assert kept_probabilities(SHOTS, network.key, None) == {}
    assert kept_probabilities(SHOTS, network.key, tmp_path / "nowhere") == {}
    assert not (tmp_path / "nowhere").exists()


def test_one_shot_that_cannot_be_decoded_is_left_out(
    film: Film, network: CountingNetwork, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = FrameReader.read

    def torn(reader: FrameReader, frame: int) -> Picture:
        if 25 <= frame < 60:
            raise MediaError("Gone.")
        return read(reader, frame)

    monkeypatch.setattr(FrameReader, "read", torn)
    steps: list[int] = []
    failed = []
    found = shot_probabilities(
        film,
        SHOTS,
        network,
        tmp_path,
        progress=CancellableProgress(lambda done, _: steps.append(done)),
        on_failed=lambda frames, error: failed.append((frames, str(error))),
    )
    assert list(found) == [(0, 25), (60, 100)]
    assert failed == [((25, 60), "Gone.")]
    assert (steps[-1], steps) == (3, sorted(steps)), "it came to the end"
    assert list(kept_probabilities(SHOTS, network.key, tmp_path)) == list(found)


def test_a_film_that_is_gone_is_told(
    films: FilmShelf, network: CountingNetwork, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = films.make_film(tmp_path / "short.mp4", frames=6, size=(64, 48)).path
    film = open_film(path)

    def unreadable(reader: FrameReader, frame: int) -> Picture:
        path.unlink(missing_ok=True)
        raise MediaError("Gone.")

    monkeypatch.setattr(FrameReader, "read", unreadable)
    failed: list[object] = []
    with pytest.raises(MediaError, match=r"short\.mp4"):
        shot_probabilities(
            film,
            [(0, 3), (3, 6)],
            network,
            progress=CancellableProgress(),
            on_failed=lambda *told: failed.append(told),
        )
    assert failed == [], "not one shot's fault"


def test_other_weights_know_nothing_of_it(film: Film, network: CountingNetwork, tmp_path: Path) -> None:
    shot_probabilities(film, SHOTS[:1], network, tmp_path, progress=CancellableProgress())
    network.key = "others"
    shot_probabilities(film, SHOTS[:1], network, tmp_path, progress=CancellableProgress())
    assert len(network.seen) == 2


def test_what_was_found_before_a_cancellation_is_kept(
    film: Film, network: CountingNetwork, tmp_path: Path
) -> None:
    progress = CancellableProgress(lambda done, total: progress.cancel() if done == 1 else None)
    with pytest.raises(Cancelled):
        shot_probabilities(film, SHOTS, network, tmp_path, progress=progress)
    assert len(network.seen) == 1
    shot_probabilities(film, SHOTS, network, tmp_path, progress=CancellableProgress())
    assert [seen[0] for seen in network.seen] == [0, 25, 60]
    assert [path.suffix for path in tmp_path.iterdir()] == [".npz"], "nothing half-written is left"


def test_without_a_folder_nothing_is_kept(film: Film, network: CountingNetwork) -> None:
    for _ in range(2):
        shot_probabilities(film, SHOTS[:1], network, progress=CancellableProgress())
    assert len(network.seen) == 2


@pytest.mark.parametrize("damage", ["cut", "other", "nan"])
def test_a_damaged_file_counts_as_none(damage: str, tmp_path: Path) -> None:
    said = ShotProbabilities(np.full(5, 0.2, np.float32), np.full(4, 0.25, np.float32))
    kept = KeptProbabilities(tmp_path, "key")
    kept.put((0, 9), said)
    kept.save()
    (path,) = tmp_path.iterdir()
    assert KeptProbabilities(tmp_path, "key").get((0, 9)) is not None
    if damage == "cut":
        path.write_bytes(path.read_bytes()[:100])
    else:
        scale = np.full((1, 5), np.nan, np.float32) if damage == "nan" else np.zeros((2, 3), np.float32)
        np.savez(path, frames=np.array([[0, 9]]), scale=scale, movement=np.zeros((1, 4), np.float32))
    assert KeptProbabilities(tmp_path, "key").get((0, 9)) is None


def test_where_nothing_can_be_written_the_shots_are_known_all_the_same(
    film: Film, network: CountingNetwork, tmp_path: Path
) -> None:
    (tmp_path / "file").write_bytes(b"")
    found = shot_probabilities(
        film, SHOTS[:1], network, tmp_path / "file" / "x", progress=CancellableProgress()
    )
    assert list(found) == SHOTS[:1]
