"""A small dual encoder, trained from scratch on drawn pictures: what hits counted in batches make of the same search.

    python -m seamline.training.dual_demo [--pictures N] [--epochs N] [--seed N]

Each picture is a shape of one colour on a ground of another, with one caption. It says nothing about films: it shows
how far apart the figures of one network are when its hits are counted among the whole gallery and in batches of 64.
"""

from __future__ import annotations

import argparse
import csv
import sys
import tempfile
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image, ImageDraw
from safetensors.torch import save_file

from seamline.media.film import Film
from seamline.models.distilbert import DistilBertSize
from seamline.models.dual_encoder import DualEncoder, DualEncoderSize
from seamline.models.resnet50 import ResNetSize
from seamline.progress import CancellableProgress, Progress
from seamline.training.dual_run import DualRun, train_search

COLOURS = {
    "red": (215, 40, 40),
    "green": (40, 170, 60),
    "blue": (50, 70, 215),
    "yellow": (235, 215, 60),
    "purple": (140, 60, 170),
    "orange": (240, 140, 40),
    "white": (240, 240, 240),
    "black": (20, 20, 20),
}
SHAPES = ("circle", "square", "triangle", "bar")
PLACES = ("left", "middle", "right")
VOCABULARY = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "a", "on", "at", "the", *COLOURS, *SHAPES, *PLACES)
SIDE = 64
SIZE = DualEncoderSize(
    ResNetSize((1, 1, 1, 1), width=12),
    DistilBertSize(len(VOCABULARY), positions=32, width=64, layers=2, heads=4, inner=128),
    side=SIDE,
)
_WORDS_DEVIATION = 0.3
"""Of the random weights for words: with BERT's 0.02 and the published rate, no text would differ from another."""


def drawn(random: np.random.Generator) -> tuple[NDArray[np.uint8], str]:
    """A picture, uint8[64, 64, 3], and its caption."""
    ground, colour = random.permutation(list(COLOURS))[:2]
    shape, place = str(random.choice(SHAPES)), int(random.integers(len(PLACES)))
    image = Image.new("RGB", (SIDE, SIDE), COLOURS[ground])
    size = float(random.uniform(7, 10))
    x = 11 + 21 * place + float(random.uniform(-2, 2))
    y = float(random.uniform(14, 50))
    box = (x - size, y - size, x + size, y + size)
    canvas = ImageDraw.Draw(image)
    if shape == "circle":
        canvas.ellipse(box, COLOURS[colour])
    elif shape == "square":
        canvas.rectangle(box, COLOURS[colour])
    elif shape == "triangle":
        canvas.polygon([(x, y - size), (x - size, y + size), (x + size, y + size)], COLOURS[colour])
    else:
        canvas.rectangle((x - size, y - 3, x + size, y + 3), COLOURS[colour])
    noisy = np.asarray(image) + random.normal(0, 8, (SIDE, SIDE, 3))
    return np.clip(noisy, 0, 255).astype(np.uint8), f"a {colour} {shape} on {ground} at the {PLACES[place]}"


def demonstrate(folder: Path, pictures: int, epochs: int, seed: int, progress: Progress) -> str:
    """The report of a network trained on so many pictures, a fifth of them held back. Raises Cancelled."""
    random = np.random.default_rng(seed)
    with (folder / "captions.csv").open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file)
        table.writerow(("image", "caption"))
        for number in range(pictures):
            picture, caption = drawn(random)
            Image.fromarray(picture).save(folder / f"{number}.png")
            table.writerow((f"{number}.png", caption))
    (folder / "vocab.txt").write_text("\n".join(VOCABULARY) + "\n", encoding="utf-8")
    torch.manual_seed(seed)
    network = DualEncoder(SIZE)
    for values in network.text_trunk.parameters():
        if values.ndim == 2:
            torch.nn.init.normal_(values, std=_WORDS_DEVIATION)
    begin, out = folder / "begin.safetensors", folder / "demo.safetensors"
    save_file(network.state_dict(), begin)
    run = DualRun(
        folder / "captions.csv", out, folder / "vocab.txt", begin, seed=seed, epochs=epochs, size=SIZE
    )
    return train_search(run, _no_film, progress=progress).report


def _no_film(path: Path, _: Progress) -> Film:
    raise AssertionError(path)


def main() -> int:
    """What the command does; gives the exit status."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--pictures", type=int, default=2000)
    parser.add_argument("--epochs", type=int, default=12)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        report = demonstrate(
            Path(folder), options.pictures, options.epochs, options.seed, CancellableProgress()
        )
    sys.stdout.write(report + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
