"""Small footage of drifting patches; torch on one thread."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import torch

from seamline.evaluation.synthetic_sources import ArraySource, Pictures
from seamline.exchange.csv_list import Transition
from seamline.training.seam_sources import EditedFilm, Footage

tests = str(Path(__file__).parents[2])
if tests not in sys.path:
    sys.path.append(tests)  # for what only training is tested with


@pytest.fixture(autouse=True)
def one_thread() -> Iterator[None]:
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


def shot(seed: int, frames: int) -> Pictures:
    """Patches that drift by a pixel every third frame: uint8[n, 27, 48, 3]."""
    patches = np.random.default_rng(seed).integers(0, 256, (9, 16 + frames // 9 + 1, 3), np.uint8)
    world = patches.repeat(3, axis=0).repeat(3, axis=1)
    return np.stack([world[:, at // 3 : at // 3 + 48] for at in range(frames)])


@pytest.fixture(scope="session")
def edited_film() -> EditedFilm:
    """700 frames: 14 shots of 50, cut together; one seam is not scored."""
    seams = [Transition(at - 1, at, "cut", 0 if at == 300 else 1) for at in range(50, 700, 50)]
    pictures = np.concatenate([shot(100 + number, 50) for number in range(14)])
    return EditedFilm("edited", pictures, tuple(seams))


@pytest.fixture(scope="session")
def footage(edited_film: EditedFilm) -> Footage:
    """Eight shots to make films of, a clip and an edited film."""
    sources = [ArraySource(shot(seed, 240)) for seed in range(8)]
    return Footage(sources, [EditedFilm("clip", sources[0].pictures)], [edited_film])


@pytest.fixture(scope="session")
def clips(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Twelve films; the last is the first in another quality."""
    from paper_footage import write_clip

    folder = tmp_path_factory.mktemp("clips")
    paths = [write_clip(folder / f"{seed}.mp4", seed) for seed in range(11)]
    return [*paths, write_clip(folder / "copy.mp4", 0, crf=28)]
