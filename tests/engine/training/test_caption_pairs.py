"""Captions as a table names them: faults told, films apart, frames drawn by number, pictures read once."""

from __future__ import annotations

import shutil
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from av.video.stream import VideoStream
from PIL import Image

from seamline.errors import Cancelled, ExchangeError
from seamline.media.film import Film
from seamline.media.open_film import open_film
from seamline.progress import CancellableProgress, Progress
from seamline.training.caption_pairs import CaptionPairs, held_sources, opened_pairs, read_captions
from seamline.training.caption_pictures import pictures_of
from seamline.training.dual_report import truth_of

COLOURS = {
    "red": (220, 30, 30),
    "green": (30, 200, 40),
    "blue": (30, 40, 220),
    "yellow": (230, 220, 40),
    "white": (240, 240, 240),
    "black": (12, 12, 12),
}
SHOT_FRAMES = 4


def toy_film(path: Path, colours: list[str]) -> None:
    """A film of one shot a colour."""
    random = np.random.default_rng(len(path.name) + sum(path.name.encode()))
    with av.open(path, "w") as container:
        video = container.add_stream("mpeg4", rate=Fraction(25), options={"qscale": "2"})
        assert isinstance(video, VideoStream)
        video.width, video.height, video.pix_fmt = 64, 48, "yuv420p"
        for colour in colours:
            for _ in range(SHOT_FRAMES):
                picture = np.clip(np.array(COLOURS[colour]) + random.normal(0, 6, (48, 64, 3)), 0, 255)
                frame = av.VideoFrame.from_ndarray(picture.astype(np.uint8), format="rgb24")
                container.mux(video.encode(frame))
        container.mux(video.encode(None))


def opened(path: Path, progress: Progress) -> Film:
    return open_film(path, progress=progress)


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Four films of six colours, each in another order, two captions a shot."""
    folder = tmp_path_factory.mktemp("captions")
    text = "film,first_frame,last_frame,caption,remark\n"
    for number in range(4):
        colours = list(np.random.default_rng(number).permutation(list(COLOURS)))
        toy_film(folder / f"film{number}.mp4", colours)
        for at, colour in enumerate(colours):
            first, last = at * SHOT_FRAMES, (at + 1) * SHOT_FRAMES - 1
            text += f"film{number}.mp4,{first},{last},a {colour} wall,\nfilm{number}.mp4,{first},{last},{colour},\n"
    (folder / "captions.csv").write_text(text)
    return folder / "captions.csv"


def paired(table: Path, seed: int = 0) -> CaptionPairs:
    return opened_pairs(read_captions(table), table, opened, seed=seed, progress=CancellableProgress())


class TestTables:
    def test_frames_follow_from_the_seed_and_lie_in_their_shots(self, table: Path) -> None:
        pairs, again, other = paired(table), paired(table), paired(table, seed=1)
        assert len(pairs.pictures) == 24
        assert pairs.picture_of.tolist() == [at // 2 for at in range(48)]
        assert pairs.identity == again.identity != other.identity
        for at, picture in enumerate(pairs.pictures):
            assert at % 6 * SHOT_FRAMES <= picture.frame < (at % 6 + 1) * SHOT_FRAMES
        assert len({picture.frame % SHOT_FRAMES for picture in pairs.pictures}) == SHOT_FRAMES

    def test_pictures_are_those_of_the_frames_in_rgb_and_read_once(
        self, table: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        pairs = paired(table)
        stop = CancellableProgress(lambda done, _: stop.cancel() if done == 9 else None)
        with pytest.raises(Cancelled):
            pictures_of(pairs.pictures, tmp_path, 32, progress=stop)
        read: list[int] = []
        go_on = CancellableProgress(lambda done, _: read.append(done))
        shown = pictures_of(pairs.pictures, tmp_path, 32, progress=go_on)
        assert read[0] == 10, "what was read before is kept"
        assert shown.shape == (24, 32, 32, 3)
        for at, text in enumerate(pairs.captions[1::2]):
            assert np.abs(shown[at].mean(axis=(0, 1)) - COLOURS[text]).max() < 30, text

    def test_films_are_kept_apart_and_a_copy_is_the_same_film(self, table: Path, tmp_path: Path) -> None:
        sources = paired(table).sources
        held = held_sources(sources, 0)
        assert len(held) == 1
        assert held == held_sources(sources, 0)
        assert len({held_sources(sources, seed) for seed in range(12)}) > 1
        for name in ("one.mp4", "two.mp4"):
            shutil.copy(table.parent / "film0.mp4", tmp_path / name)
        (tmp_path / "t.csv").write_text(
            "film,first_frame,last_frame,caption\none.mp4,0,3,red\ntwo.mp4,0,3,red\ntwo.mp4,4,7,blue\n"
        )
        copies = paired(tmp_path / "t.csv")
        assert len(copies.pictures) == 2
        with pytest.raises(ExchangeError, match="All captions are of one film"):
            held_sources(copies.sources, 0)

    def test_never_more_than_half_is_held_where_that_can_be(self) -> None:
        for seed in range(20):
            held = held_sources(["long"] * 90 + ["a"] * 5 + ["b"] * 5, seed)
            assert "long" not in held

    def test_images_have_captions_too(self, tmp_path: Path) -> None:
        for name, colour in (("r.png", (200, 0, 0)), ("b.png", (0, 0, 200)), ("copy.png", (200, 0, 0))):
            Image.new("RGB", (40, 30), colour).save(tmp_path / name)
        lines = ["image,caption", "r.png,red", "b.png,blue", "copy.png,a red wall"]
        (tmp_path / "t.csv").write_text("\n".join(lines))
        pairs = paired(tmp_path / "t.csv")
        assert pairs.picture_of.tolist() == [0, 1, 0]
        shown = pictures_of(pairs.pictures, tmp_path, 32, progress=CancellableProgress())
        assert shown[:, 5, 5].tolist() == [[200, 0, 0], [0, 0, 200]]

    @pytest.mark.parametrize(
        ("lines", "said"),
        [
            (["film,first_frame,caption", "f.mp4,0,a"], "has no column last_frame"),
            (
                ["film,first_frame,last_frame,caption", "none.mp4,0,3,a", "none.mp4,0,3,a"],
                "line 2: there is no film",
            ),
            (["film,first_frame,last_frame,caption", "f.mp4,5,3,a"], "comes before its first, 5"),
            (
                ["film,first_frame,last_frame,caption", "f.mp4,-1,3,a"],
                "first_frame is a whole number from 0, not “-1”",
            ),
            (["film,first_frame,last_frame,caption", "f.mp4,0,3,  "], "line 2: it has no caption"),
            (["film,first_frame,last_frame,caption", "f.mp4,0,3,a"], "fewer than two captions"),
            (
                ["film,first_frame,last_frame,caption", "f.mp4,0,3,a", "f.mp4,20,24,a"],
                "line 3: “f.mp4” has frames 0 to 23",
            ),
            (["image,caption", "f.mp4,a", "f.mp4,b"], "line 2: “f.mp4” is no image"),
        ],
    )
    def test_faults_are_told_with_their_line(
        self, table: Path, tmp_path: Path, lines: list[str], said: str
    ) -> None:
        shutil.copy(table.parent / "film0.mp4", tmp_path / "f.mp4")
        (tmp_path / "t.csv").write_text("\n".join(lines))
        with pytest.raises(ExchangeError, match=said):
            paired(tmp_path / "t.csv")

    def test_pictures_with_the_very_same_caption_are_right_too(self, table: Path) -> None:
        pairs = paired(table)
        rows = np.array([0, 1, 2, *(at for at in range(12, 24) if pairs.captions[at] == pairs.captions[0])])
        truth = truth_of(pairs, rows)
        assert len(truth[0]) == 2
        assert truth[1] == {0}
