"""The demo film shows what its truth says, and is made whole or not at all."""

from __future__ import annotations

import csv
import errno
import shutil
from collections.abc import Iterable
from itertools import islice
from pathlib import Path

import av
import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from seamline.errors import Cancelled, MediaError
from seamline.evaluation import demo as demo_module
from seamline.evaluation.demo import DemoFilm, demo_folder, make_demo_film, truth_csv
from seamline.evaluation.encode import encode_film
from seamline.evaluation.reel import Reel
from seamline.evaluation.scenes import city, near, titles
from seamline.evaluation.scenes.canvas import Picture
from seamline.evaluation.soundtrack import SAMPLE_RATE, Ambience
from seamline.evaluation.storyboard import STORYBOARD, Shot
from seamline.evaluation.transitions import Dissolve
from seamline.progress import CancellableProgress

Floats = NDArray[np.float32]

SHORT = (
    Shot(titles.title, 6, Ambience((440.0,))),
    Shot(near.clock, 5, Ambience((220.0,)), Dissolve(4)),
    Shot(city.skyline, 5, Ambience((110.0,)), flashes=(2,)),
)


@pytest.fixture(scope="session")
def decoded(demo_film: DemoFilm) -> Floats:
    """float32[1500, 27, 48, 3]: every frame of the encoded film, small."""
    with av.open(demo_film.film_path) as container:
        container.streams.video[0].thread_type = "AUTO"
        return np.stack(
            [
                frame.reformat(48, 27, "rgb24", interpolation="AREA").to_ndarray().astype(np.float32)
                for frame in container.decode(video=0)
            ]
        )


@pytest.fixture(scope="session")
def truth(demo_film: DemoFilm) -> list[tuple[int, int, str, int]]:
    with demo_film.truth_path.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return [(int(row["start_frame"]), int(row["end_frame"]), row["type"], int(row["scored"])) for row in rows]


@pytest.fixture
def short_film(monkeypatch: pytest.MonkeyPatch) -> None:
    """Makes the demo film one of twenty small frames."""
    monkeypatch.setattr(
        demo_module, "Reel", lambda width, height, rate: Reel(width, height, rate=rate, shots=SHORT)
    )


def _difference(first: Floats, second: Floats) -> float:
    return float(np.abs(first - second).mean())


def test_film_is_a_minute_with_every_kind_of_seam(
    truth: list[tuple[int, int, str, int]], decoded: Floats
) -> None:
    assert len(decoded) == 1500
    scored = [kind for _, _, kind, score in truth if score == 1]
    assert {kind: scored.count(kind) for kind in set(scored)} == {
        "cut": 13,
        "dissolve": 3,
        "fade": 1,
        "wipe": 1,
    }
    assert sum(score == -1 for _, _, _, score in truth) == 5
    assert truth[-1] == (1471, 1499, "fade", 0)


def test_pictures_jump_at_each_cut_and_nowhere_else(
    truth: list[tuple[int, int, str, int]], decoded: Floats
) -> None:
    steps = 1 + np.abs(np.diff(decoded, axis=0)).mean(axis=(1, 2, 3))
    # a step counts against the three before and after it: a fast pan changes every picture as much as a cut
    around = np.stack([np.roll(steps, shift) for shift in (-3, -2, -1, 1, 2, 3)]).max(axis=0)
    jumps = {int(at) for at in np.flatnonzero(steps > 2 * around)}
    cuts = {start for start, _, kind, score in truth if kind == "cut" and score == 1}
    pops = {start for start, _, _, score in truth if score == -1}
    assert cuts <= jumps <= cuts | pops


def test_gradual_seams_begin_and_end_where_the_truth_says(truth: list[tuple[int, int, str, int]]) -> None:
    # exact on the pictures before encoding: a full frame equals the scene's own, a mixed one does not
    reel = Reel(160, 90)
    starts = np.cumsum([0] + [shot.frames + shot.leave.frames for shot in STORYBOARD])
    for at, (start, end, kind, _) in enumerate(row for row in truth if row[3] >= 0):
        assert kind == STORYBOARD[at].leave.kind
        assert end == starts[at + 1] or kind == "fade"
        for frame, shot, whole in (
            (start, at, True),
            (start + 1, at, False),
            (end - 1, at + 1, False),
            (end, at + 1, True),
        ):
            if kind == "cut" or shot == len(STORYBOARD) or frame == 1499:
                continue
            alone = reel._grained(reel._scene_picture(shot, frame), frame)
            assert np.array_equal(reel.picture(frame), alone) == whole, (kind, frame)


def test_dissolves_lie_between_their_shots(truth: list[tuple[int, int, str, int]], decoded: Floats) -> None:
    for start, end, kind, score in truth:
        if kind == "dissolve" and score == 1:
            middle = decoded[(start + end) // 2]
            apart = _difference(decoded[start], decoded[end])
            assert _difference(middle, decoded[start]) < 0.75 * apart
            assert _difference(middle, decoded[end]) < 0.75 * apart


def test_fades_reach_black_and_flashes_whiten_one_frame(
    truth: list[tuple[int, int, str, int]], decoded: Floats
) -> None:
    light = decoded.mean(axis=(1, 2, 3))
    for start, end, kind, _ in truth:
        if kind == "fade":
            assert float(light[start : end + 1].min()) < 4
    flashes = [int(at) for at in np.flatnonzero(light > 220)]
    assert flashes == [end for _, end, _, score in truth if score == -1 and light[end] > 220]
    assert len(flashes) == 2


def test_film_carries_timecode_reel_and_colour(demo_film: DemoFilm) -> None:
    with av.open(demo_film.film_path) as container:
        video = container.streams.video[0]
        assert video.metadata["timecode"] == "01:00:00:00"
        assert container.streams.data[0].metadata["reel_name"] == "SEAMDEMO"
        assert (video.codec_context.pix_fmt, video.codec_context.colorspace) == ("yuv420p", 1)
        assert video.average_rate == 25


def test_colours_survive_the_encoder(demo_film: DemoFilm) -> None:
    reel = Reel(320, 180)
    with av.open(demo_film.film_path) as container:
        frame = next(islice(container.decode(video=0), 100, None))
        shown = frame.reformat(format="rgb24", src_colorspace="ITU709").to_ndarray()
    painted = reel.picture(100)
    assert np.abs(shown.mean(axis=(0, 1)) - painted.mean(axis=(0, 1))).max() < 2


def test_sound_lasts_as_long_as_the_pictures_and_changes_at_cuts(demo_film: DemoFilm) -> None:
    with av.open(demo_film.film_path) as container:
        assert container.streams.audio[0].codec.name == "aac"
        blocks = [frame.to_ndarray() for frame in container.decode(audio=0)]
    sound = np.concatenate(blocks, axis=1)
    assert sound.shape[1] / SAMPLE_RATE == pytest.approx(60, abs=0.1)
    assert 0.05 < float(np.abs(sound).max()) <= 1

    def spectrum(frame: int) -> Floats:
        at = frame * SAMPLE_RATE // 25
        power = np.abs(np.fft.rfft(sound[0, at : at + SAMPLE_RATE // 4])).astype(np.float32)
        return power / np.linalg.norm(power)

    # before and after the cut from the forest to the face, and twice within the face
    assert float(spectrum(320) @ spectrum(332)) < 0.5 < float(spectrum(340) @ spectrum(365))


def test_same_pictures_sound_and_truth_in_every_run() -> None:
    first, second = Reel(160, 90), Reel(160, 90)
    assert truth_csv(first.truth) == truth_csv(second.truth)
    for frame in (30, 137, 700, 954, 1200, 1499):
        assert first.picture(frame).tobytes() == second.picture(frame).tobytes()
    assert np.array_equal(Reel(64, 36, shots=SHORT).sound(), Reel(64, 36, shots=SHORT).sound())


def test_pictures_ahead_are_the_same_as_one_by_one() -> None:
    reel = Reel(64, 36, shots=SHORT)
    ahead = list(reel.pictures())
    assert len(ahead) == reel.frame_count == 20
    assert all(np.array_equal(picture, reel.picture(at)) for at, picture in enumerate(ahead))


@pytest.mark.usefixtures("short_film")
def test_whole_film_is_used_again_and_a_damaged_one_replaced(tmp_path: Path) -> None:
    demo = make_demo_film(tmp_path / "new", size=(64, 36))
    made = demo.film_path.stat().st_mtime_ns
    assert make_demo_film(tmp_path / "new", size=(64, 36)) == demo
    assert demo.film_path.stat().st_mtime_ns == made
    whole = demo.film_path.read_bytes()
    for damage in (whole[: len(whole) // 2], b""):
        demo.film_path.write_bytes(damage)
        assert make_demo_film(tmp_path / "new", size=(64, 36)) == demo
        assert len(demo.film_path.read_bytes()) > len(whole) // 2
    demo.truth_path.unlink()
    make_demo_film(tmp_path / "new", size=(64, 36))
    assert sorted(path.name for path in demo.film_path.parent.iterdir()) == [
        "seamline-demo-1-64x36.csv", "seamline-demo-1-64x36.mov",
    ]  # fmt: skip


@pytest.mark.usefixtures("short_film")
def test_build_without_x264_makes_mpeg4(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(av, "codecs_available", frozenset({"mpeg4"}))
    with av.open(make_demo_film(tmp_path, size=(64, 36)).film_path) as container:
        assert container.streams.video[0].codec.name == "mpeg4"
        assert len(list(container.decode(video=0))) == 20


@pytest.mark.usefixtures("short_film")
def test_progress_counts_pictures(tmp_path: Path) -> None:
    steps: list[tuple[int, int]] = []
    make_demo_film(tmp_path, progress=CancellableProgress(lambda *step: steps.append(step)), size=(64, 36))
    assert steps == [(done, 20) for done in range(21)]


@pytest.mark.usefixtures("short_film")
def test_cancelling_leaves_nothing(tmp_path: Path) -> None:
    progress = CancellableProgress(lambda done, _total: progress.cancel() if done == 7 else None)
    with pytest.raises(Cancelled):
        make_demo_film(tmp_path, progress=progress, size=(64, 36))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.usefixtures("short_film")
def test_full_disk_is_a_sentence_and_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(path: Path, pictures: Iterable[Picture], *_: object) -> None:
        next(iter(pictures))
        path.write_bytes(b"half a film")
        raise OSError(errno.ENOSPC, "No space left on device", str(path))

    monkeypatch.setattr(demo_module, "encode_film", full)
    with pytest.raises(
        MediaError, match=r"cannot be written to .*: the disk is full\. Free about 50 MB, or open"
    ):
        make_demo_film(tmp_path, size=(64, 36))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.usefixtures("short_film")
def test_encoder_that_cannot_write_is_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def elsewhere(path: Path, *rest: object) -> None:
        encode_film(path / "no" / "such" / "folder.mov", *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(demo_module, "encode_film", elsewhere)
    with pytest.raises(MediaError, match=r"No such file or directory\. Choose another folder"):
        make_demo_film(tmp_path, size=(64, 36))


def test_file_in_place_of_the_folder_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "demo").write_text("not a folder")
    with pytest.raises(MediaError, match="there is a file where the folder should be"):
        make_demo_film(tmp_path / "demo", size=(64, 36))


def test_half_a_copy_is_not_taken_for_the_film(demo_film: DemoFilm, tmp_path: Path) -> None:
    copy = DemoFilm(tmp_path / demo_film.film_path.name, tmp_path / demo_film.truth_path.name)
    shutil.copy(demo_film.truth_path, copy.truth_path)
    shutil.copy(demo_film.film_path, copy.film_path)
    assert make_demo_film(tmp_path, size=(320, 180)) == copy
    assert demo_module._is_intact(copy, copy.truth_path.read_text(encoding="utf-8"), 1500)
    with copy.film_path.open("r+b") as file:
        file.truncate(copy.film_path.stat().st_size - 40_000)
    assert not demo_module._is_intact(copy, copy.truth_path.read_text(encoding="utf-8"), 1500)


def test_demo_lies_in_the_users_cache() -> None:
    assert demo_folder().name == "demo"
    assert demo_folder().parent.name.lower() in ("seamline", "cache")


def test_scenes_show_more_than_a_flat_colour() -> None:
    for at, shot in enumerate(STORYBOARD):
        reel = Reel(160, 90, shots=(shot,))
        grey = cv2.cvtColor(reel.picture(shot.frames // 2), cv2.COLOR_RGB2GRAY)
        assert float(grey.std()) > 8, at
