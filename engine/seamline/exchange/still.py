"""One frame of a film as a picture file."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from seamline.errors import ExchangeError
from seamline.exchange.files import written_whole
from seamline.media.film import Film
from seamline.media.reader import FrameReader
from seamline.media.still import STILL_SUFFIXES, encode_still

_READER_BYTES = 32 << 20


def write_still(film: Film, frame: int, path: Path, *, overwrite: bool = False) -> int:
    """Frame `frame`, upright, in square pixels, 8 bits a channel, as PNG, TIFF or JPEG by the suffix of `path`.

    Gives the number of the frame that the still shows: an earlier one where a damaged film has lost its picture.
    Raises ExchangeError (nothing is written over without `overwrite`, the film never) and MediaError.
    """
    if path.suffix.lower() not in STILL_SUFFIXES:
        raise ExchangeError(
            f"“{path.name}” is no kind of still: let its name end in {', '.join(STILL_SUFFIXES)}."
        )
    with written_whole(path, overwrite=overwrite, sources=(film.path,)) as part:
        with closing(FrameReader(film, cache_bytes=_READER_BYTES)) as reader:
            picture = reader.read(frame)
        part.write_bytes(encode_still(picture.rgb, path.suffix))
    return picture.shown_frame
