"""Stills are written in the format that their name asks for."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from seamline.errors import MediaError
from seamline.media.still import encode_still


def _picture() -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    ramp = np.linspace(0, 255, 60 * 40).reshape(40, 60)
    return np.stack([ramp, 255 - ramp, ramp / 2], axis=2).astype(np.uint8)


@pytest.mark.parametrize(
    ("suffix", "magic", "most"),
    [
        (".png", b"\x89PNG", 0),
        (".TIF", b"II*\0", 0),
        (".tiff", b"II*\0", 0),
        (".jpg", b"\xff\xd8", 9),
        (".JPEG", b"\xff\xd8", 9),
    ],
)
def test_a_picture_comes_back_from_its_bytes(suffix: str, magic: bytes, most: int) -> None:
    data = encode_still(_picture(), suffix)
    assert data.startswith(magic)
    decoded = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
    assert decoded is not None
    read = cv2.cvtColor(decoded, cv2.COLOR_BGR2RGB)
    assert np.abs(read.astype(int) - _picture()).max() <= most


def test_other_formats_are_refused_with_what_there_is() -> None:
    with pytest.raises(MediaError, match=r"“\.gif”: choose \.png"):
        encode_still(_picture(), ".gif")


def test_a_picture_too_large_for_its_format_is_refused() -> None:
    with pytest.raises(MediaError, match=r"choose \.png"):
        encode_still(np.zeros((1, 70_000, 3), np.uint8), ".jpg")
