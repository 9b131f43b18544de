"""Random access held against a full decode: `python -m seamline.evaluation.exactness FILM_OR_FOLDER...`."""

from __future__ import annotations

import argparse
import random
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from seamline.errors import SeamlineError
from seamline.media.decoder import Decoder
from seamline.media.film import Film
from seamline.media.open_film import open_film
from seamline.media.pictures import RgbPicture, Scaler
from seamline.media.reader import FrameReader

_JUMPS, _STEPS_BACK = 30, 10
_CACHE_BYTES = 16 << 20  # little, so that most reads must decode


@dataclass(frozen=True, slots=True)
class Exactness:
    """`missing`: frames of the index without a picture. `wrong`: frames read at random that were not, byte for
    byte, what a decode from the start gives. `damaged_packets`: what the decoder refused."""

    frames: int
    missing: int
    damaged_packets: int
    read: int
    wrong: tuple[int, ...]


def compare(film: Film, *, seed: int = 1) -> Exactness:
    """Decode `film` once through, then read frames in random order and backwards. Raises MediaError.

    Keeps all pictures of the film, at display size: for films of up to a minute or so.
    """
    scaler = Scaler(*film.info.display_size)
    full: dict[int, RgbPicture] = {}
    with Decoder(film) as decoder:
        for number, frame in decoder:
            full[number] = scaler.rgb(frame, rotation_deg=film.info.rotation_deg)
        damaged = decoder.damaged_packets
    order = random.Random(seed)
    last = film.frame_count - 1
    wanted = [order.randint(0, last) for _ in range(_JUMPS)] + [0, last, max(0, last - 1)]
    turn = order.randint(0, last)
    wanted += [max(0, turn - step) for step in range(_STEPS_BACK)]
    reader = FrameReader(film, cache_bytes=_CACHE_BYTES, as_stored=True)
    wrong = []
    for number in wanted:
        picture = reader.read(number)
        is_right = picture.shown_frame == number or number not in full
        if not is_right or not np.array_equal(picture.rgb, full[picture.shown_frame]):
            wrong.append(number)
    reader.close()
    return Exactness(film.frame_count, film.frame_count - len(full), damaged, len(wanted), tuple(wrong))


def main(arguments: Sequence[str] | None = None) -> int:
    """Print a line a film; exit code 1 if any read was wrong."""
    parser = argparse.ArgumentParser(prog="python -m seamline.evaluation.exactness")
    parser.add_argument("films", type=Path, nargs="+", help="films, or folders of films")
    options = parser.parse_args(arguments)
    paths = [
        path
        for given in options.films
        for path in (sorted(p for p in given.iterdir() if p.is_file()) if given.is_dir() else [given])
    ]
    exact = opened = 0
    for path in paths:
        try:
            result = compare(open_film(path))
        except SeamlineError as error:
            sys.stdout.write(f"{path.name:36} refused: {error}\n")
            continue
        opened += 1
        exact += not result.wrong
        sys.stdout.write(
            f"{path.name:36} {result.frames:6} frames, {result.missing} without a picture, "
            f"{result.damaged_packets} damaged packets; {len(result.wrong)} of {result.read} reads differ\n"
        )
        sys.stdout.flush()
    sys.stdout.write(f"{exact} of {opened} films exact\n")
    return 0 if exact == opened else 1


if __name__ == "__main__":
    sys.exit(main())
