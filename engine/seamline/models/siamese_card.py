"""What is to be known about a siamese network of the user's own, or the published one, before it is installed."""

from __future__ import annotations

from pathlib import Path

from seamline.models.card import LocalFile, ModelCard
from seamline.models.store_files import sha256_of

ID = "match-siamese"
GRAPH_VERSION = 1


def _convert(weights: Path) -> bytes:
    # torch takes 1.6 s to import and only conversion needs it
    from seamline.models import siamese_onnx, siamese_weights

    identity = {"name": SIAMESE.name, "version": str(GRAPH_VERSION), "weights_sha256": sha256_of(weights)}
    return siamese_onnx.checked_graph_of(siamese_weights.load(weights), identity)


SIAMESE = ModelCard(
    id=ID,
    name="Siamese network for match cuts",
    purpose="Tells which shots would cut together by their movement, in the place of the one that comes with Seamline.",
    licence="as the weights in the file; none is stated for the published ones",
    paper="samanthajmichael, siamese_model.h5: a siamese network on optical flow",
    homepage="https://huggingface.co/samanthajmichael/siamese_model.h5",
    source=LocalFile(
        ".h5",
        "“seamline train match-cuts FILMS... --out FILE.npz” trains one on your own films; the published "
        "siamese_model.h5, as Keras saved it, is read too.",
        most_bytes=1 << 30,
    ),
    sha256=None,
    size_bytes=155_300_000,
    graph_version=GRAPH_VERSION,
    convert=_convert,
    graph_bytes=51_800_000,
    inputs="Optical flow between two neighbouring frames, as a picture of 224 x 224, BGR.",
    preprocessing="Farneback's flow; direction as hue, magnitude as value, from the least to the greatest; divided by "
    "255.",
)
"""The user's own: nothing of it comes with Seamline."""
