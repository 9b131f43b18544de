"""What is heard of a cut, sample by sample: A up to it, B from it on, silence where there is none, and no click."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

import av
import numpy as np
import pytest

from seamline.analysis.cache import AnalysisCache
from seamline.errors import Cancelled, MediaError
from seamline.media.film import Film
from seamline.media.open_film import open_film
from seamline.media.sound import SOUND_RATE, Samples, SoundDecoder
from seamline.progress import CancellableProgress, Progress
from seamline.project.match_cuts import MatchSide
from seamline_app.jobs import audition_reading
from seamline_app.jobs.audition_reading import Auditioned, AuditionReading, AuditionSide, AuditionWish, Sounds
from seamline_app.jobs.audition_sounds import CutSound, HeldSound
from seamline_app.jobs.sound_loop import SoundLoop
from seamline_app.jobs.sound_pieces import FADE_SAMPLES, HeldTrack, blended

if TYPE_CHECKING:
    from tests.films import FilmShelf

MakeFilm = Callable[..., Film]
MS = SOUND_RATE // 1000


def level(value: int, count: int, first: int = 0) -> HeldSound:
    return HeldSound(first, np.full((count, 2), value, np.int16))


def side(film: Film, start: int, end: int, frame: int) -> AuditionSide:
    return AuditionSide(MatchSide(film.fingerprint, start, end, frame), film.path, film)


@pytest.fixture
def reading(tmp_path: Path) -> AuditionReading:
    return AuditionReading(AnalysisCache(tmp_path / "cache"))


def read(reading: AuditionReading, out: AuditionSide, into: AuditionSide) -> Auditioned:
    return reading.read(AuditionWish(out, into), lambda _: None, CancellableProgress())


def sounds_of(came: Auditioned) -> Sounds:
    assert came.sounds is not None
    return came.sounds


def heard(came: Auditioned, out_s: tuple[float, float], in_s: tuple[float, float]) -> Samples:
    return CutSound(*sounds_of(came), out_s, in_s).samples()


def test_cut_and_jump_fall_to_silence_and_rise_from_it_and_all_else_is_as_it_was() -> None:
    sound = CutSound(level(1000, SOUND_RATE), level(-2000, SOUND_RATE), (0.25, 0.75), (0.0, 0.25))
    samples = sound.samples()
    cut = 500 * MS
    assert len(samples) == 750 * MS
    assert (samples[FADE_SAMPLES : cut - FADE_SAMPLES] == 1000).all()
    assert (samples[cut + FADE_SAMPLES : -FADE_SAMPLES] == -2000).all()
    for at in (0, cut - 1, cut, len(samples) - 1):
        assert not samples[at].any()
    assert FADE_SAMPLES == 5 * MS
    # round and round: no step is larger than the ramp's own
    twice = np.concatenate([samples, samples]).astype(int)
    assert np.abs(np.diff(twice, axis=0)).max() <= 2000 / (FADE_SAMPLES - 1) + 1


def test_where_a_film_has_no_sound_or_none_there_it_is_silent() -> None:
    samples = CutSound(None, level(700, 10 * MS, first=40 * MS), (1.0, 1.5), (0.0, 0.1)).samples()
    assert len(samples) == 600 * MS
    assert not samples[: 540 * MS].any()
    assert (samples[540 * MS : 550 * MS] == 700).all()
    assert not samples[550 * MS :].any()
    beyond = level(7, 10).cut_out(5, 10)
    assert beyond[:, 0].tolist() == [7] * 5 + [0] * 5
    assert not level(7, 10).cut_out(500, 4).any()
    assert not level(7, 10, first=500).cut_out(0, 4).any()


def test_every_turn_begins_on_the_sample_nearest_to_its_time() -> None:
    length_s = 2.0020208  # of no whole number of samples
    samples = CutSound(
        level(5, 2 * SOUND_RATE), level(6, 2 * SOUND_RATE), (0, 1.001), (0, length_s - 1.001)
    ).samples()
    loop = SoundLoop(HeldTrack(samples), 0.0, length_s)
    turns = 500
    loop.seek(turns * length_s)
    long_after = loop.read(SOUND_RATE)
    loop.seek(0)
    assert np.array_equal(long_after, loop.read(SOUND_RATE))
    loop.seek(turns * length_s + 0.5)
    assert np.array_equal(loop.read(100), long_after[SOUND_RATE // 2 :][:100])


def test_a_is_heard_up_to_its_last_frame_and_b_from_its_first(
    make_film: MakeFilm, reading: AuditionReading
) -> None:
    film = make_film(150, sound=True)  # samples rise by one every 10 ms, from 1; a frame is 40 ms
    came = read(reading, side(film, 0, 60, 50), side(film, 90, 140, 100))
    samples = heard(came, (26 * 0.04, 51 * 0.04), (4.0, 5.0))
    assert len(samples) == 2 * SOUND_RATE
    steps = samples[5 * MS :: 10 * MS]  # in the middle of each 10 ms, where no ramp is
    assert steps[:, 0].tolist() == [*range(105, 205), *range(401, 501)]
    assert np.array_equal(steps[:, 0], steps[:, 1])
    edge = 40 * MS  # to the sample
    assert set(samples[edge - 2 : edge + 2, 0].tolist()) == {108, 109}
    assert samples[edge - 1, 0] == 108
    reading.close()
    assert not reading.held_bytes


def test_a_cut_that_is_slid_as_far_as_its_handles_needs_no_sound_read_anew(
    make_film: MakeFilm, reading: AuditionReading, monkeypatch: pytest.MonkeyPatch
) -> None:
    film = make_film(300, sound=True)
    seeks: list[float] = []
    seek = SoundDecoder.seek

    def counted(decoder: SoundDecoder, at_s: float, *rest: Any) -> None:
        seeks.append(at_s)
        seek(decoder, at_s, *rest)

    monkeypatch.setattr(SoundDecoder, "seek", counted)
    out, into = side(film, 0, 290, 150), side(film, 0, 290, 130)
    before = read(reading, out, into)
    assert len(seeks) == 4  # what plays of either side first, and then all about the cut
    for by in (-20, 25):
        slid = [replace(of, side=of.side.slid(by)) for of in (out, into)]
        reading.keep_only(AuditionWish(*slid), None)
        assert read(reading, *slid).sounds == before.sounds
    assert len(seeks) == 4
    far = replace(out, side=out.side.slid(60))
    after = read(reading, far, into)
    assert len(seeks) == 5
    held = sounds_of(after)[0]
    assert held is not None
    at = round(210 * 0.04 * SOUND_RATE)
    assert held.cut_out(at, 1)[0, 0] == 841


def test_no_more_sound_is_kept_than_that_of_a_pair_and_the_next_one(
    make_film: MakeFilm, reading: AuditionReading
) -> None:
    film = make_film(300, sound=True)
    starts = range(0, 300, 50)
    pairs = [
        AuditionWish(side(film, start, start + 50, start + 30), side(film, start, start + 50, start + 20))
        for start in starts
    ]
    for wish, ahead in zip(pairs, [*pairs[1:], None], strict=True):
        reading.keep_only(wish, ahead)
        whole = reading.read(wish, lambda _: None, CancellableProgress())
        if ahead is not None:
            reading.read_ahead(ahead, CancellableProgress())
        sides = 2 if ahead is None else 4
        assert len(reading._sounds) == sides
        held = sum(of.samples.nbytes for of in reading._sounds.values())
        assert 0 < held <= sides * 2 * SOUND_RATE * 4  # a shot has two seconds
        assert all(sound is not None for sound in whole.sounds or ())


def test_pictures_wait_for_no_sound_that_has_to_be_read(
    make_film: MakeFilm, reading: AuditionReading
) -> None:
    film = make_film(300, sound=True)
    out, into = side(film, 0, 290, 150), side(film, 0, 290, 130)
    told: list[Auditioned] = []
    reading.read(AuditionWish(out, into), told.append, CancellableProgress())
    pictures, sounds = told
    assert pictures.sounds is None
    assert (len(pictures.outgoing), len(pictures.incoming)) == (25, 25)
    assert sounds.sounds is not None
    assert all(sound is not None and len(sound.samples) >= SOUND_RATE for sound in sounds.sounds)
    told.clear()
    reading.read(AuditionWish(out, replace(into, side=into.side.slid(3))), told.append, CancellableProgress())
    (at_once,) = told  # what is held needs no waiting
    assert at_once.sounds is not None


def test_the_pair_read_ahead_takes_no_sound_from_the_one_that_plays(
    make_film: MakeFilm, reading: AuditionReading
) -> None:
    film = make_film(400, sound=True)
    wish = AuditionWish(side(film, 0, 400, 100), side(film, 0, 400, 120))
    ahead = AuditionWish(side(film, 0, 400, 300), side(film, 0, 400, 320))  # of the same shots
    before = reading.read(wish, lambda _: None, CancellableProgress())
    reading.read_ahead(ahead, CancellableProgress())
    reading.keep_only(wish, ahead)
    assert reading.read(wish, lambda _: None, CancellableProgress()).sounds == before.sounds


def test_the_reading_of_sound_can_be_broken_off(
    make_film: MakeFilm, reading: AuditionReading, monkeypatch: pytest.MonkeyPatch
) -> None:
    film = make_film(300, sound=True)
    wish = AuditionWish(side(film, 0, 290, 150), side(film, 0, 290, 130))
    progress = CancellableProgress()
    seek = SoundDecoder.seek

    def left(decoder: SoundDecoder, *rest: Any) -> None:
        seek(decoder, *rest)
        progress.cancel()  # while it is read

    with monkeypatch.context() as patch:
        patch.setattr(SoundDecoder, "seek", left)
        with pytest.raises(Cancelled):
            reading.read(wish, lambda _: None, progress)
    assert not reading._sounds
    again = reading.read(wish, lambda _: None, CancellableProgress())
    assert again.sounds is not None
    assert all(sound is not None and not sound.trouble for sound in again.sounds)


def tone_film(path: Path, hz: float, rate: int, layout: str, *, frames: int, fps: int) -> Film:
    """Grey pictures under a tone."""
    with av.open(path, "w") as container:
        video = container.add_stream("libx264", rate=fps, options={"preset": "ultrafast"})
        video.width, video.height, video.pix_fmt = 64, 48, "yuv420p"
        audio = container.add_stream("pcm_s16le", rate=rate, layout=layout)
        for number in range(frames):
            grey = np.full((48, 64, 3), number % 200, np.uint8)
            frame = av.VideoFrame.from_ndarray(grey, format="rgb24")
            frame.pts, frame.time_base = number, Fraction(1, fps)
            container.mux(video.encode(frame))
        container.mux(video.encode(None))
        count = rate * frames // fps
        wave = (8000 * np.sin(2 * np.pi * hz * np.arange(count) / rate)).astype(np.int16)
        channels = len(av.AudioLayout(layout).channels)
        packed = np.repeat(wave, channels)[None]
        sound = av.AudioFrame.from_ndarray(np.ascontiguousarray(packed), format="s16", layout=layout)
        sound.sample_rate, sound.pts, sound.time_base = rate, 0, Fraction(1, rate)
        container.mux(audio.encode(sound))
        container.mux(audio.encode(None))
    return open_film(path)


def pitch_hz(samples: Samples) -> float:
    spectrum = np.abs(np.fft.rfft(samples[:, 0] * np.hanning(len(samples))))
    return float(spectrum.argmax() * SOUND_RATE / len(samples))


def test_films_of_other_rates_and_channels_keep_their_pitch_and_their_place(
    tmp_path: Path, reading: AuditionReading
) -> None:
    low = tone_film(tmp_path / "low.mov", 440, 44_100, "mono", frames=75, fps=25)
    high = tone_film(tmp_path / "high.mov", 1200, 32_000, "stereo", frames=150, fps=50)
    came = read(reading, side(low, 0, 75, 40), side(high, 0, 150, 60))
    samples = heard(came, (16 * 0.04, 41 * 0.04), (1.2, 2.2))
    assert len(samples) == 2 * SOUND_RATE
    first, second = samples[:SOUND_RATE], samples[SOUND_RATE:]
    assert pitch_hz(first) == pytest.approx(440, abs=1.5)
    assert pitch_hz(second) == pytest.approx(1200, abs=1.5)
    for part, hz, from_s in ((first, 440, 0.64), (second, 1200, 1.2)):
        at = np.arange(4800, 43_200)
        wave = np.sin(2 * np.pi * hz * (at / SOUND_RATE + from_s))
        heard_01 = part[at, 0] / np.abs(part[at, 0]).max()
        assert np.corrcoef(wave, heard_01)[0, 1] > 0.99  # not a millisecond off
        assert np.abs(part[at, 0] - part[at, 1]).max() <= 1


def test_a_film_without_sound_and_one_that_cannot_be_decoded_leave_the_pictures(
    films: FilmShelf, make_film: MakeFilm, reading: AuditionReading, monkeypatch: pytest.MonkeyPatch
) -> None:
    film, mute = make_film(150, sound=True), make_film(50)
    came = read(reading, side(film, 0, 60, 50), side(mute, 0, 50, 10))
    sound, none = sounds_of(came)
    assert sound is not None
    assert none is None
    assert len(came.incoming) == 35

    class Broken(SoundDecoder):
        def read(self, count: int, progress: Progress | None = None) -> Samples:
            raise MediaError("The sound of “x” cannot be decoded: convert it to AAC or PCM.")

    monkeypatch.setattr(audition_reading, "SoundDecoder", Broken)
    reading.close()
    came = read(reading, side(film, 0, 60, 50), side(mute, 0, 50, 10))
    sound, none = sounds_of(came)
    assert sound is not None
    assert sound.trouble == (
        "The sound of “x” cannot be decoded: convert it to AAC or PCM. Playing silently."
    )
    assert not CutSound(sound, none, (1.04, 2.04), (0.4, 1.4)).samples().any()
    assert len(came.outgoing) == 34


def test_one_piece_goes_over_into_another() -> None:
    before, after = np.full((FADE_SAMPLES, 2), 1000, np.int16), np.full((FADE_SAMPLES, 2), -500, np.int16)
    both = blended(before, after)[:, 0].astype(int)
    assert (both[0], both[-1]) == (1000, -500)
    assert np.abs(np.diff(both)).max() <= 1500 / (FADE_SAMPLES - 1) + 1
    assert np.array_equal(blended(before, before), before)
