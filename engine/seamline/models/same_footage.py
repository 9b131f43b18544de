"""Whether two frames are of the same footage, by their embeddings: a probability, without any other network.

A model belongs to one vector space (`EncoderSpec.key`). For the built-in encoder one comes with the program; the user's
own (`seamline train same-footage`) lies in the folder of the user's networks and takes its place, and that of no model
at all for another encoder. Without either the cosine counts, held against a published threshold.
"""

from __future__ import annotations

import hashlib
import io
import json
import logging
import struct
import zipfile
import zlib
from dataclasses import dataclass, field
from functools import lru_cache
from importlib import resources
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from seamline.models.encoder import Embeddings, EncoderSpec
from seamline.models.store import user_directory

_log = logging.getLogger(__name__)
FORMAT = 1
PUBLISHED_THRESHOLD = 0.685
"""Of the cosine of CLIP ViT-B/32's embeddings, as published (EPFL, “Predicting if two frames are part of the same
video”)."""
_PUBLISHED_STEEPNESS = 20.0
"""Not published, and no calibration: .05 of cosine above the threshold say .73."""
_MOST_BYTES = 64 << 20
_DAMAGE = (  # what numpy and zipfile raise for files that are none of theirs has no common base
    OSError,
    ValueError,
    TypeError,
    LookupError,
    ArithmeticError,
    EOFError,
    RuntimeError,
    MemoryError,
    struct.error,
    zlib.error,
    zipfile.BadZipFile,
)

Array = NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class PairNetwork:
    """Layers of a perceptron over |a - b| and a * b, so that the order of the two does not count.

    `layers`: weights float32[outputs, inputs] and biases float32[outputs]; ReLU between them, two outputs at the end:
    “not the same” and “the same”. Raises ValueError for layers that do not fit each other.
    """

    layers: tuple[tuple[Array, Array], ...]

    def __post_init__(self) -> None:
        width = self.layers[0][0].shape[1] if self.layers and self.layers[0][0].ndim == 2 else 0
        for weights, biases in self.layers:
            if weights.ndim != 2 or weights.shape[1] != width or biases.shape != weights.shape[:1]:
                raise ValueError("the layers do not fit each other")
            if not (np.isfinite(weights).all() and np.isfinite(biases).all()):
                raise ValueError("the layers are not all numbers")
            width = len(biases)
        if not self.layers or width != 2 or self.layers[0][0].shape[1] % 2:
            raise ValueError("need layers from 2 x dimension inputs to 2 outputs")

    @property
    def dimension(self) -> int:
        """Of the embeddings it compares."""
        return int(self.layers[0][0].shape[1]) // 2

    def scores(self, a: Embeddings, b: Embeddings) -> Array:
        """float32[n]: how much more “the same” is than “not the same”, in logits."""
        values: Array = np.concatenate([np.abs(a - b), a * b], axis=1)
        for number, (weights, biases) in enumerate(self.layers):
            values = values @ weights.T + biases
            if number < len(self.layers) - 1:
                values = np.maximum(values, 0)
        return np.asarray(values[:, 1] - values[:, 0], np.float32)


@dataclass(frozen=True, slots=True, eq=False)
class SameFootageModel:
    """Gives probabilities for embeddings of `encoder_key`: the logistic of `slope` x score + `offset`.

    The score is the cosine, or what `network` says. Slope and offset were fitted to pairs, but for the published
    threshold's: of those that get .8 four in five are of the same footage, where half of all pairs are. `origin`: where
    it is from.
    """

    encoder_key: str
    slope: float
    offset: float
    origin: str
    network: PairNetwork | None = field(default=None, repr=False)

    def scores(self, a: Embeddings, b: Embeddings) -> Array:
        """float32[n], greater for what is more alike: the cosine, or the network's logit."""
        if self.network is not None:
            return self.network.scores(a, b)
        return np.asarray(np.einsum("nd,nd->n", a, b), np.float32)

    def probability(self, a: Embeddings, b: Embeddings) -> Array:
        """float32[n], 0 to 1, that a[i] and b[i] are of the same footage; in either order, but for the last bit.

        `a` and `b` are float32[n, dimension], of length 1 each.
        """
        return self.probability_of(self.scores(a, b))

    def probability_of(self, scores: NDArray[np.floating]) -> Array:
        """The same of scores, of any shape: a whole table of cosines at once, where `network` is None."""
        logits = np.clip(self.slope * np.asarray(scores, np.float64) + self.offset, -60, 60)
        return np.asarray(1 / (1 + np.exp(-logits)), np.float32)


def same_footage_model(spec: EncoderSpec, folder: Path | None = None) -> SameFootageModel:
    """The best there is for this encoder: the user's own, else the one that comes with the program, else the published
    threshold. `folder`: where the user's own lies, unless it is the folder of the user's networks."""
    own = read_model((folder or user_directory()) / own_model_name(spec.key), spec)
    if own is not None:
        return own
    shipped = shipped_model()
    if shipped.encoder_key == spec.key:
        return shipped
    return SameFootageModel(
        spec.key,
        _PUBLISHED_STEEPNESS,
        -_PUBLISHED_STEEPNESS * PUBLISHED_THRESHOLD,
        "published threshold",
    )


@lru_cache(maxsize=1)
def shipped_model() -> SameFootageModel:
    """The one that comes with the program. Made by `seamline.training.same_footage_fitting`."""
    text = (resources.files("seamline.models") / "weights" / "same_footage.json").read_text("utf-8")
    values = json.loads(text)
    return SameFootageModel(
        str(values["encoder_key"]),
        float(values["slope"]),
        float(values["offset"]),
        "comes with Seamline",
    )


def own_model_name(encoder_key: str) -> str:
    """The file name of the user's own model for an encoder."""
    return f"same-footage-{hashlib.blake2b(encoder_key.encode(), digest_size=8).hexdigest()}.npz"


def model_bytes(model: SameFootageModel) -> bytes:
    """What `read_model` reads: arrays alone, nothing that is run."""
    arrays: dict[str, NDArray[np.generic]] = {
        "format": np.array([FORMAT]),
        "encoder_key": np.frombuffer(model.encoder_key.encode(), np.uint8),
        "calibration": np.array([model.slope, model.offset], np.float64),
    }
    for number, (weights, biases) in enumerate(model.network.layers if model.network else ()):
        arrays |= {f"weights{number}": weights, f"biases{number}": biases}
    file = io.BytesIO()
    np.savez(file, **arrays)  # type: ignore[arg-type]  # numpy's stub takes the names for its own options
    return file.getvalue()


def read_model(path: Path, spec: EncoderSpec) -> SameFootageModel | None:
    """The model that `seamline train same-footage` wrote at `path`; None where there is none for this encoder.

    What is damaged, or is of another encoder, is logged and counts as not there.
    """
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise ValueError(f"it is larger than {_MOST_BYTES >> 20} MiB")
        with path.open("rb") as file, np.load(file, allow_pickle=False) as arrays:
            return _model_of(dict(arrays), spec)
    except FileNotFoundError:
        return None
    except _DAMAGE as error:
        _log.warning("%s cannot be used to tell same footage: %s", path.name, error)
        return None


def _model_of(arrays: dict[str, NDArray[np.generic]], spec: EncoderSpec) -> SameFootageModel:
    key = bytes(np.asarray(arrays["encoder_key"], np.uint8)).decode()
    if arrays["format"].tolist() != [FORMAT] or key != spec.key:
        raise ValueError("it belongs to another encoder or version: train it again")
    slope, offset = np.asarray(arrays["calibration"], np.float64).tolist()
    if not (np.isfinite([slope, offset]).all() and slope > 0):
        raise ValueError("its calibration is none")
    count = sum(name.startswith("weights") for name in arrays)
    network = None
    if count:
        layers = tuple(
            (np.asarray(arrays[f"weights{at}"], np.float32), np.asarray(arrays[f"biases{at}"], np.float32))
            for at in range(count)
        )
        network = PairNetwork(layers)
        if network.dimension != spec.dimension:
            raise ValueError("its layers are for embeddings of another length")
    return SameFootageModel(key, slope, offset, "trained on this machine", network)
