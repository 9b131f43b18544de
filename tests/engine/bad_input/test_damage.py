"""Damaged films: what survives has its right number, the rest is said to be missing, or a sentence says why not."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

import av
import pytest

from seamline.errors import MediaError
from seamline.media.decoder import Decoder
from seamline.media.open_film import open_film
from seamline.media.packets import packets_of

if TYPE_CHECKING:
    from conftest import Sight
    from films import FilmShelf

_VP9 = {"deadline": "realtime", "cpu-used": "8", "crf": "12", "b": "0"}
_SOURCES: dict[str, tuple[dict[str, Any], float]] = {
    ".mp4": ({"b_frames": 2}, 2.4),
    ".mkv": ({}, 2.4),
    ".ts": ({}, 2.4),
    ".webm": ({"codec": "libvpx-vp9", "options": _VP9}, 0),
    ".avi": ({"codec": "mjpeg", "pixel_format": "yuvj420p", "options": {"qmin": "2", "qmax": "3"}}, 2.4),
    ".mov": ({"codec": "prores_ks", "pixel_format": "yuv422p10le", "options": {}}, 0),
    ".mpg": ({"codec": "mpeg2video", "options": {"b": "4000000"}}, 0),
    ".nut": ({"codec": "ffv1", "options": {}}, 2.4),
}
_HAS_TABLE = {".mp4", ".mov"}  # of all packets, which damage to the media does not reach


@pytest.fixture(scope="module")
def source_of(odd: Any, films: FilmShelf, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """A whole film of 60 frames, made once for each container."""
    folder, made = tmp_path_factory.mktemp("sources"), dict[str, Path]()

    def source(suffix: str) -> Path:
        if suffix not in made:
            part, sound_s = _SOURCES[suffix]
            made[suffix] = odd.splice(
                folder / f"whole{suffix}",
                [odd.Part(frames=60, **part)],
                lambda number, size: films.draw_frame(number, size, number >= 15),
                sound_s=sound_s,
            )
        return made[suffix]

    return source


@pytest.mark.parametrize(("seed", "bytes_flipped"), [(2, 60), (3, 200)])
@pytest.mark.parametrize("suffix", _SOURCES)
def test_flipped_bytes(
    suffix: str,
    seed: int,
    bytes_flipped: int,
    odd: Any,
    source_of: Callable[[str], Path],
    tmp_path: Path,
    look: Callable[[Path], Sight],
) -> None:
    path = odd.flipped(source_of(suffix), tmp_path / f"film{suffix}", seed=seed, bytes_flipped=bytes_flipped)
    try:
        seen = look(path)
    except MediaError:
        assert suffix not in _HAS_TABLE, "its media alone is damaged"
        return
    if suffix in _HAS_TABLE:
        assert seen.film.frame_count == 60
    assert seen.film.frame_count <= 60
    # concealed pictures show parts of earlier ones; none may show a later one, and the numbers never drift
    readable = [(number, shown) for number, shown in seen.shown.items() if shown is not None and shown < 60]
    if seen.film.frame_count == 60 and suffix != ".avi":
        assert sum(number == shown for number, shown in readable) >= 0.5 * len(readable)
    if seen.report.missing_frames:
        assert seen.report.damage is not None


@pytest.mark.parametrize("share", [0.05, 0.3, 0.9])
@pytest.mark.parametrize("suffix", _SOURCES)
def test_cut_short(
    suffix: str,
    share: float,
    films: FilmShelf,
    source_of: Callable[[str], Path],
    tmp_path: Path,
    look: Callable[[Path], Sight],
) -> None:
    path = films.truncated(source_of(suffix), tmp_path / f"film{suffix}", share=share)
    try:
        seen = look(path)
    except MediaError:
        assert suffix in _HAS_TABLE or share < 0.1
        return
    count = seen.film.frame_count
    assert 60 * share / 3 <= count < 60 * share + 12
    for number in range(count - 2):  # the last ones may be torn
        assert seen.shown[number] == number


@pytest.mark.parametrize("off_packets", [0, 77])
def test_a_recording_that_begins_in_mid_group(
    off_packets: int, odd: Any, draw: Any, tmp_path: Path, look: Callable[[Path], Sight]
) -> None:
    """Switched on between two key frames, and within a packet: its first frames cannot be decoded."""
    options = {"preset": "ultrafast", "crf": "14", "x264-params": "open-gop=1:scenecut=0:threads=1"}
    part = odd.Part(frames=60, b_frames=2, options=options)
    data = odd.splice(tmp_path / "whole.ts", [part], draw).read_bytes()
    path = tmp_path / "film.ts"
    path.write_bytes(data[188 * (len(data) // 188 // 3) + off_packets :])
    seen = look(path)
    count = seen.film.frame_count
    assert 30 < count < 50
    assert 0 < seen.report.missing_frames < 12
    later = {shown - number for number, shown in seen.shown.items() if shown is not None}
    assert later == {60 - count}


def test_a_packet_that_asks_for_what_the_decoder_cannot_do_is_passed_over(
    odd: Any, draw: Any, tmp_path: Path, look: Callable[[Path], Sight]
) -> None:
    """Damage may pass for a feature that a decoder lacks: a way of halving the colours of a JPEG, say."""
    asked: list[bytes] = []

    def quartered(number: int, data: bytes) -> bytes:
        if number not in (20, 21):
            return data
        at = data.index(b"\xff\xc0") + 11  # the sampling factors of the first component (ITU-T T.81, B.2.2)
        asked.append(data[:at] + b"\x13" + data[at + 1 :])
        return asked[-1]

    options = {"qmin": "2", "qmax": "3"}
    part = odd.Part(frames=40, codec="mjpeg", pixel_format="yuvj420p", options=options, keyint=1)
    path = odd.splice(tmp_path / "film.avi", [part], draw, alter=quartered)
    with pytest.raises(av.error.PatchWelcomeError):
        av.CodecContext.create("mjpeg", "r").decode(av.Packet(asked[0]))
    seen = look(path)
    assert seen.film.frame_count == 40
    assert seen.shown == {number: number for number in range(40) if number not in (20, 21)}


def test_a_decoder_that_fails_for_good_is_a_clear_sentence(
    odd: Any, draw: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    film = open_film(odd.splice(tmp_path / "film.mp4", [odd.Part(frames=80)], draw))

    class Packet:
        def decode(self) -> list[object]:
            raise av.error.PatchWelcomeError(1, "Not yet implemented")

    monkeypatch.setattr(Decoder, "_packets", lambda self: iter([Packet()] * 80))
    with Decoder(film) as decoder, pytest.raises(MediaError, match="cannot be decoded on"):
        decoder.read()
    monkeypatch.undo()


def test_a_stream_that_a_damaged_film_gains_on_the_way_ends_nothing() -> None:
    """PyAV flushes streams at the end that it does not know, and fails at that."""

    class Container:
        def demux(self, *streams: object) -> Iterator[str]:
            yield from ("packet", "flush")
            raise IndexError("list index out of range")

    found: list[Any] = list(packets_of(cast(Any, Container()), cast(Any, SimpleNamespace(index=0))))
    assert found == ["packet", "flush"]
