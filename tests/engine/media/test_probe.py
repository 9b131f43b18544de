"""What a container says of its film, and every file that is none: refused in one sentence with a next step."""

from __future__ import annotations

import os
import re
import shutil
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

import av
import numpy as np
import pytest

from seamline.errors import MediaError
from seamline.media.fingerprint import fingerprint
from seamline.media.open_film import open_film
from seamline.media.probe import probe
from seamline.project.types import Project

if TYPE_CHECKING:
    from films import FilmShelf

CODECS = {".webm": "vp9", ".mxf": "mpeg2video", ".avi": "mjpeg"}
CONTAINERS = {
    ".mp4": "mp4", ".mov": "mov", ".mkv": "matroska", ".webm": "webm", ".ts": "mpegts", ".mxf": "mxf", ".avi": "avi",
}  # fmt: skip


def test_a_film_is_what_was_written(films: FilmShelf, film_kind: str) -> None:
    film = films(film_kind)
    info = open_film(film.path).info
    assert CONTAINERS[film.path.suffix] in info.container.split(",")
    assert info.codec == CODECS.get(film.path.suffix, "h264")
    assert (info.width, info.height) == film.size
    assert info.sample_aspect == film.sample_aspect
    assert info.rotation_deg == film.rotation_deg
    assert info.bytes == film.path.stat().st_size
    assert not info.interlaced
    assert (info.audio is not None) is film.audio
    if "variable" not in film_kind:
        assert info.rate == film.rate
        # Matroska's header says nothing of the picture alone
        assert (info.duration_s is None) is (film.path.suffix in (".mkv", ".webm"))
        if info.duration_s is not None:
            assert abs(info.duration_s - float(film.frames / film.rate)) < 0.1
    assert info.reel == film.reel
    assert (info.start_frame is not None) is (film.timecode is not None)


def test_timecode_and_drop_frame(films: FilmShelf) -> None:
    info = probe(films("mov_timecode").path)
    assert (info.start_frame, info.drop_frame) == (10 * 3600 * 25, False)
    film = open_film(films("mov_drop_frame").path)
    assert (film.info.start_frame, film.info.drop_frame) == (58 * 30, True)
    assert film.rate == Fraction(30000, 1001)
    assert Project(film).timecode(60) == "00:01:00;02"
    assert probe(films("mxf").path).start_frame == 3600 * 25


@pytest.mark.parametrize(
    ("label", "start_frame"),
    [
        ("23:59:59:24", 2_159_999),
        ("00:00:00:00", 0),
        ("25:00:00:00", None),
        ("00:00:00:25", None),
        ("soon", None),
    ],
)
def test_a_label_that_cannot_be_is_no_timecode(
    films: FilmShelf, tmp_path: Path, label: str, start_frame: int | None
) -> None:
    """Matroska keeps the label as it is written."""
    film = films.make_film(tmp_path / "film.mkv", frames=4, cuts=(), size=(64, 48), timecode=label)
    info = probe(film.path)
    assert (info.start_frame, info.drop_frame) == (start_frame, False)


def test_sound(films: FilmShelf) -> None:
    audio = probe(films("mp4_audio").path).audio
    assert audio is not None
    assert (audio.codec, audio.sample_rate, audio.channels, audio.track_count) == ("aac", 48_000, 2, 1)


@pytest.mark.parametrize(
    ("rotation_deg", "size", "aspect", "display_size"),
    [
        (0, (160, 90), Fraction(1), (160, 90)),
        (90, (160, 90), Fraction(1), (90, 160)),
        (180, (160, 90), Fraction(1), (160, 90)),
        (270, (160, 90), Fraction(1), (90, 160)),
        (0, (72, 58), Fraction(16, 11), (105, 58)),
        (270, (72, 58), Fraction(12, 11), (58, 79)),
    ],
)
def test_display_size(
    films: FilmShelf,
    tmp_path: Path,
    rotation_deg: int,
    size: tuple[int, int],
    aspect: Fraction,
    display_size: tuple[int, int],
) -> None:
    film = films.make_film(
        tmp_path / "film.mp4", frames=2, cuts=(), size=size, rotation_deg=rotation_deg, sample_aspect=aspect
    )
    info = probe(film.path)
    assert (info.rotation_deg, info.sample_aspect, info.display_size) == (rotation_deg, aspect, display_size)


def test_pixels_that_are_all_but_square_are_square(films: FilmShelf, tmp_path: Path) -> None:
    film = films.make_film(
        tmp_path / "film.mp4", frames=2, cuts=(), size=(64, 48), sample_aspect=Fraction(1281, 1280)
    )
    assert probe(film.path).sample_aspect == 1


def test_interlaced(films: FilmShelf, tmp_path: Path) -> None:
    encoding = films.encoding("mpeg2video", keyint=2, b_frames=0, options={"flags": "+ildct+ilme", "b": "2M"})
    path = tmp_path / "fields.mpg"
    with av.open(path, "w") as container:
        video: Any = container.add_stream(encoding.codec, rate=25, options=encoding.options)
        video.width, video.height, video.pix_fmt = 64, 48, "yuv420p"
        for number in range(4):
            frame = av.VideoFrame.from_ndarray(films.draw_frame(number, (64, 48), 0), format="rgb24")
            frame = frame.reformat(format="yuv420p")
            frame.pts = number
            container.mux(video.encode(frame))
        container.mux(video.encode(None))
    assert probe(path).interlaced


def test_a_cover_picture_is_no_film(films: FilmShelf, tmp_path: Path) -> None:
    path = tmp_path / "song.m4a"
    with av.open(path, "w", format="mp4") as container:
        sound: Any = container.add_stream("aac", rate=48_000, layout="mono")
        cover: Any = container.add_stream("mjpeg", rate=1)
        cover.width, cover.height, cover.pix_fmt = 16, 16, "yuvj420p"
        cover.disposition = av.stream.Disposition.attached_pic
        picture = av.VideoFrame.from_ndarray(np.zeros((16, 16, 3), np.uint8), format="rgb24")
        container.mux(cover.encode(picture.reformat(format="yuvj420p")))
        tone = av.AudioFrame.from_ndarray(np.zeros((1, 1024), np.float32), "fltp", "mono")
        tone.sample_rate = 48_000
        container.mux(sound.encode(tone))
        container.mux(sound.encode(None))
    with pytest.raises(MediaError, match="sound but no picture"):
        probe(path)


def test_a_track_of_data_is_no_obstacle(films: FilmShelf, tmp_path: Path) -> None:
    """Telephones and action cameras write tracks of readings (mebx, gpmd) that no codec knows."""
    source = films("mov_timecode")
    path = tmp_path / "phone.mov"
    path.write_bytes(source.path.read_bytes().replace(b"tmcd", b"mebx"))
    info = probe(path)
    assert info.start_frame is None
    assert open_film(path).frame_count == source.frames


class TestFingerprint:
    def test_copies_have_one_and_other_films_another(self, films: FilmShelf, tmp_path: Path) -> None:
        path = films("mp4").path
        copy = Path(shutil.copy(path, tmp_path / "ein anderer Name.mp4"))
        assert fingerprint(copy) == fingerprint(path)
        assert re.fullmatch("[0-9a-f]{32}", fingerprint(path))
        assert fingerprint(films("mkv").path) != fingerprint(path)

    def test_a_longer_film_with_the_same_ends_is_another(self, tmp_path: Path) -> None:
        prints = set()
        for megabytes in (3, 4, 5):
            path = tmp_path / str(megabytes)
            path.write_bytes(bytes(megabytes << 20))
            prints.add(fingerprint(path))
        path.write_bytes(bytes((5 << 20) - 1) + b"x")
        prints.add(fingerprint(path))
        assert len(prints) == 4

    def test_two_renders_of_one_size_differ_although_their_ends_do_not(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Intra-frame formats give every render of an edit the same size; above a limit only blocks are read."""
        monkeypatch.setattr("seamline.media.fingerprint._WHOLE_BYTES", 1 << 20)
        size = 64 << 20
        first, second = tmp_path / "v1.avi", tmp_path / "v2.avi"
        with first.open("wb") as file:
            file.truncate(size)
        with second.open("wb") as file:
            file.truncate(size)
            file.seek(size // 3)
            file.write(b"x" * (size // 200))
        assert fingerprint(first) != fingerprint(second)
        assert fingerprint(first) == fingerprint(Path(shutil.copy(first, tmp_path / "copy.avi")))

    def test_what_cannot_be_read_is_a_sentence(self, tmp_path: Path) -> None:
        for path in (tmp_path / "none", tmp_path):
            with pytest.raises(MediaError, match=r"cannot be read.*again\.$"):
                fingerprint(path)


class TestBadInput:
    """One sentence that names the file and the next step, for everything that is not a film."""

    def refused(self, path: Path) -> str:
        with pytest.raises(MediaError) as caught:
            open_film(path)
        said = str(caught.value)
        assert path.name in said
        assert said.endswith(".")
        assert said.count(". ") == 0 or "damaged. " in said or "supported. " in said
        assert "\n" not in said
        for noise in ("Errno", "Traceback", "av.", "0x", "None"):
            assert noise not in said
        return said

    def test_no_file(self, tmp_path: Path) -> None:
        assert "There is no file" in self.refused(tmp_path / "no such film.mp4")
        assert "There is no file" in self.refused(tmp_path / "no folder" / "film.mp4")

    def test_a_name_that_cannot_be(self, tmp_path: Path) -> None:
        self.refused(tmp_path / ("x" * 300))

    def test_a_folder(self, tmp_path: Path) -> None:
        assert "is a folder: choose a film inside it." in self.refused(tmp_path)

    def test_an_empty_file(self, tmp_path: Path) -> None:
        path = tmp_path / "empty.mp4"
        path.touch()
        assert "is empty (0 bytes)" in self.refused(path)

    @pytest.mark.parametrize(
        "name", ["words.mp4", "words.mov", "words.txt", "words.nfo", "words.ts", "words"]
    )
    def test_text(self, tmp_path: Path, name: str) -> None:
        path = tmp_path / name
        path.write_text("This is not a film, whatever its name says.\n" * 50, encoding="utf-8")
        assert "film" in self.refused(path)

    def test_a_list_of_films(self, films: FilmShelf, tmp_path: Path) -> None:
        shutil.copy(films("mp4").path, tmp_path / "film.mp4")
        path = tmp_path / "list.txt"
        path.write_text("ffconcat version 1.0\nfile film.mp4\n")
        assert "playlist" in self.refused(path)

    def test_sound_alone(self, films: FilmShelf, tmp_path: Path) -> None:
        for name in ("sound.m4a", "sound.mp4", "sound.mkv"):
            assert "has sound but no picture: open a film." in self.refused(films.make_sound(tmp_path / name))

    def test_random_bytes(self, tmp_path: Path) -> None:
        path = tmp_path / "noise.mp4"
        path.write_bytes(np.random.default_rng(1).bytes(20_000))
        self.refused(path)

    def test_a_film_whose_directory_was_cut_off(self, films: FilmShelf, tmp_path: Path) -> None:
        assert "damaged" in self.refused(films.truncated(films("mp4").path, tmp_path / "cut.mp4"))

    def test_a_film_without_a_whole_picture(self, films: FilmShelf, tmp_path: Path) -> None:
        path = films.broken(films("mp4_one_frame").path, tmp_path / "broken.mp4", start=0, end=1)
        assert "no picture" in self.refused(path)

    @pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
    def test_a_pipe(self, tmp_path: Path) -> None:
        path = tmp_path / "pipe.mp4"
        os.mkfifo(path)
        assert "not a regular file" in self.refused(path)

    def test_no_permission(self, films: FilmShelf, monkeypatch: pytest.MonkeyPatch) -> None:
        def refuse(*_: object, **__: object) -> None:
            raise PermissionError(13, "Permission denied")

        monkeypatch.setattr(av, "open", refuse)
        assert "may not be read: allow reading it" in self.refused(films("mp4").path)

    def test_one_frame_is_a_film(self, films: FilmShelf) -> None:
        film = open_film(films("mp4_one_frame").path)
        assert (film.frame_count, film.rate) == (1, Fraction(25))

    def test_a_film_cut_short_has_the_frames_that_are_left(self, films: FilmShelf, tmp_path: Path) -> None:
        for kind in ("mp4_faststart", "mkv", "ts", "avi"):
            whole = films(kind).path
            film = open_film(films.truncated(whole, tmp_path / f"{kind}{whole.suffix}"))
            assert 40 < film.frame_count < 100

    @pytest.mark.parametrize(
        "name", ["Ümläut – 東京 🎬.mp4", "~take 1.mp4", "100% %03d.mp4", "it's a “film”: one.mp4"]
    )
    def test_any_name_is_a_name(
        self, films: FilmShelf, tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        if os.name == "nt" and ":" in name:
            name = name.replace(":", "")
        shutil.copy(films("mp4").path, tmp_path / name)
        monkeypatch.chdir(tmp_path)
        assert open_film(Path(name)).path == tmp_path / name
