"""Opening a film's container, with every failure as a sentence."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import av
from av.container import InputContainer
from av.stream import Disposition
from av.video.stream import VideoStream

from seamline.errors import MediaError

# FFmpeg draws any text as a moving picture, and reads other files than the one opened (whose identity is kept)
_NOT_FILMS = frozenset({"tty", "bin", "xbin", "adf", "idf", "concat", "hls", "dash"})


@contextmanager
def opened(path: Path) -> Iterator[tuple[InputContainer, VideoStream]]:
    """The container and its picture stream, closed at the end. Raises MediaError."""
    container = open_container(path)
    try:
        yield container, video_stream(container, path)
    finally:
        container.close()


def open_container(path: Path) -> InputContainer:
    """The container of the film at `path`. Raises MediaError with the reason in a sentence."""
    try:
        if path.is_dir():
            raise MediaError(f"“{path.name}” is a folder: choose a film inside it.")
        if path.exists() and not path.is_file():
            # a pipe or a device can only be read once, and one without a writer would hang
            raise MediaError(f"“{path.name}” is not a regular file: copy the film to a disk first.")
        if path.is_file() and path.stat().st_size == 0:
            raise MediaError(f"“{path.name}” is empty (0 bytes): copy or download the film again.")
        # strict error detection off: what FFmpeg can conceal is still worth analysing
        container = av.open(str(path), mode="r", metadata_errors="replace")
    except FileNotFoundError as error:
        raise MediaError(
            f"There is no file “{path}”: check the name, or whether its disk is connected."
        ) from error
    except PermissionError as error:
        raise MediaError(
            f"“{path.name}” may not be read: allow reading it in the file's properties."
        ) from error
    except (OSError, ValueError, av.FFmpegError) as error:
        raise MediaError(
            f"“{path.name}” is not a film that can be read, or it is damaged at its start "
            f"({reason_of(error)}): open another file, or export it again."
        ) from error
    if container.format.name in _NOT_FILMS:
        container.close()
        raise MediaError(f"“{path.name}” is a text or a playlist, not a film: open the film itself.")
    return container


def video_stream(container: InputContainer, path: Path) -> VideoStream:
    """The first moving picture of the container (cover pictures do not count). Raises MediaError."""
    moving = [s for s in container.streams.video if not s.disposition & Disposition.attached_pic]
    if not moving:
        if container.streams.audio:
            raise MediaError(f"“{path.name}” has sound but no picture: open a film.")
        raise MediaError(f"“{path.name}” has no picture stream: open a film.")
    if moving[0].codec_context is None:
        raise MediaError(
            f"“{path.name}” has a picture format that is not known: convert it to H.264 or ProRes."
        )
    return moving[0]


def reason_of(error: Exception) -> str:
    """Why something failed, in FFmpeg's or the system's few words, without numbers and file names."""
    text = getattr(error, "strerror", None) or str(error)
    return text.split(":")[0].strip() or type(error).__name__
