"""On the way to a picture frames are decoded, and none but the one wanted is made into a picture."""

from __future__ import annotations

import pytest

from seamline.media.decoder import Decoder
from seamline.media.display import DisplayScaler
from seamline_app.jobs.frame_source import FrameSource

LIMIT = (120, 120)


@pytest.fixture
def made(monkeypatch) -> list[tuple[str, int]]:
    """Each scaler and each picture that is made, with its width."""
    done: list[tuple[str, int]] = []
    init, rgb = DisplayScaler.__init__, DisplayScaler.rgb

    def noted_init(self, width, height, **options):
        done.append(("scaler", width))
        init(self, width, height, **options)

    def noted_rgb(self, frame, **options):
        done.append(("picture", self.width))
        return rgb(self, frame, **options)

    monkeypatch.setattr(DisplayScaler, "__init__", noted_init)
    monkeypatch.setattr(DisplayScaler, "rgb", noted_rgb)
    return done


def test_playing_makes_one_picture_of_each_frame(make_film, made, painted_number) -> None:
    source = FrameSource(make_film())
    for frame in range(10):
        picture = source.read(frame, LIMIT, lambda: False)
        assert picture is not None
        assert (painted_number(picture.image), picture.shown_frame) == (frame, frame)
        source.prepare(frame + 1, lambda: False)
        assert source.has(frame + 1)
    source.close()
    assert made == [("scaler", 120)] + [("picture", 120)] * 10


def test_the_way_from_a_key_frame_makes_none(make_film, made, painted_number) -> None:
    source = FrameSource(make_film(300, gop=300))
    asked: list[None] = []
    picture = source.read(250, LIMIT, lambda: bool(asked.append(None)), slice_s=0.0)
    assert picture is not None
    assert painted_number(picture.image) == 250
    assert len(asked) > 200
    source.close()
    assert made == [("scaler", 120), ("picture", 120)]


def test_what_is_given_up_is_gone_on_with(make_film, monkeypatch) -> None:
    source = FrameSource(make_film(300, gop=300))
    read, numbers = Decoder.read, []

    def noted(self):
        item = read(self)
        numbers.append(item[0])
        return item

    monkeypatch.setattr(Decoder, "read", noted)
    assert source.read(250, LIMIT, lambda: len(numbers) >= 100) is None
    assert source.read(250, LIMIT, lambda: False) is not None
    assert numbers == list(range(251))
    source.close()
