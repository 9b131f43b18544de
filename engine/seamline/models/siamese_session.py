"""The siamese network for match cuts, ready to run: the user's own where one is installed, else the one that comes with
the program. Imports no torch."""

from __future__ import annotations

import contextlib
import hashlib
import logging
from functools import lru_cache
from importlib import resources

import numpy as np
from numpy.typing import NDArray

from seamline.errors import ModelError
from seamline.models.runtime import GraphSession
from seamline.models.siamese_card import GRAPH_VERSION, SIAMESE
from seamline.models.siamese_layout import PUBLISHED
from seamline.models.store import directories, locate, recorded_sha256
from seamline.models.store_files import graph_path, weights_path
from seamline.progress import Progress

WEIGHTS_FILE = "match_siamese.npz"
_BATCH = 8
_PAIRS_AT_ONCE = 1 << 14

_log = logging.getLogger(__name__)

Pictures = NDArray[np.uint8]
Floats = NDArray[np.float32]
Installation = tuple[str | int, ...]

_unusable: set[Installation] = set()
"""Those installed that could not be run, whatever the records say of them."""


@lru_cache(maxsize=1)
def shipped_bytes() -> bytes:
    """The weights as they come with the program. Made by `seamline.training.match_cut_weights`."""
    return (resources.files("seamline.models") / "weights" / WEIGHTS_FILE).read_bytes()


def siamese_key() -> str:
    """What `open_siamese(...).key` would be, by the records and by what was found damaged since the program began.

    What was kept of another key is out of date.
    """
    sha256 = recorded_sha256(SIAMESE)
    if sha256 is None or _installation(sha256) in _unusable:
        sha256 = hashlib.sha256(shipped_bytes()).hexdigest()
    return _key(sha256)


def open_siamese(*, threads: int | None = None, progress: Progress | None = None) -> SiameseNetwork:
    """The network, ready to run: what the user has installed, else what comes with the program.

    An installed one that is damaged is logged and left. Raises ModelError where none runs; with a `progress`,
    Cancelled too.
    """
    recorded = recorded_sha256(SIAMESE)
    if recorded is not None:
        try:
            path = locate(SIAMESE, progress)
            return SiameseNetwork(GraphSession(path, example=_example(), threads=threads), is_own=True)
        except ModelError as error:
            _unusable.add(_installation(recorded))
            _log.warning("the installed siamese network is not used: %s", error)
    # onnx is imported for this alone
    from seamline.models.siamese_onnx import graph_of
    from seamline.models.siamese_weights import unpacked

    content = shipped_bytes()
    identity = {
        "name": SIAMESE.name,
        "version": str(GRAPH_VERSION),
        "weights_sha256": hashlib.sha256(content).hexdigest(),
    }
    graph = graph_of(unpacked(content, WEIGHTS_FILE), identity)
    return SiameseNetwork(
        GraphSession(graph, example=_example(), threads=threads, name=WEIGHTS_FILE), is_own=False
    )


class SiameseNetwork:
    """The twin as a graph, and the comparison of two; one thread at a time.

    `key` changes with the weights; `is_own`: it is one that the user has installed.
    """

    def __init__(self, graph: GraphSession, *, is_own: bool) -> None:
        self._graph = graph
        self.is_own = is_own
        self.key = _key(graph.sha256)
        (compare,) = graph.run(["compare"], _example())
        self._weights, self._bias = compare[:-1], float(compare[-1])

    @property
    def device(self) -> str:
        """What the network runs on."""
        return self._graph.device

    def features(self, pictures: Pictures, *, progress: Progress | None = None) -> Floats:
        """float32[n, 128], 0 or more, of flow pictures, uint8[n, 224, 224, 3], BGR. Raises Cancelled or ModelError."""
        side = PUBLISHED.side
        if pictures.dtype != np.uint8 or pictures.ndim != 4 or pictures.shape[1:] != (side, side, 3):
            raise ValueError(f"need uint8[n, {side}, {side}, 3], not {pictures.dtype}{list(pictures.shape)}")
        found = [np.empty((0, PUBLISHED.features), np.float32)]
        for start in range(0, len(pictures), _BATCH):
            some = {"pictures": np.ascontiguousarray(pictures[start : start + _BATCH])}
            found += self._graph.run(["features"], some, progress=progress)
        return np.concatenate(found)

    def score_01(self, a: NDArray[np.floating], b: NDArray[np.floating]) -> Floats:
        """float32[...]: how sure the network is that the two go together, 0 to 1; the order does not count.

        `a` and `b` are features, float32[..., 128], broadcast against each other: `a[:, None]` and `b[None]` give a
        table of all against all, in little memory.
        """
        first, second = np.asarray(a, np.float32), np.asarray(b, np.float32)
        shape = np.broadcast_shapes(first.shape, second.shape)[:-1]
        logits = np.empty(shape, np.float32)
        self._compare(
            np.broadcast_to(first, (*shape, first.shape[-1])),
            np.broadcast_to(second, (*shape, second.shape[-1])),
            logits,
        )
        return np.asarray(1 / (1 + np.exp(-np.clip(logits, -60, 60))), np.float32)

    def _compare(self, a: Floats, b: Floats, out: Floats) -> None:
        if out.ndim and out.size > _PAIRS_AT_ONCE and len(out) > 1:
            step = max(1, len(out) * _PAIRS_AT_ONCE // out.size)
            for start in range(0, len(out), step):
                some = slice(start, start + step)
                self._compare(a[some], b[some], out[some])
            return
        out[...] = np.abs(a - b) @ self._weights + self._bias


def _installation(weights_sha256: str) -> Installation:
    """Another one when the files are, as after the same weights were installed again."""
    written_ns = []
    for directory in directories():
        for path in (weights_path(directory, SIAMESE), graph_path(directory, SIAMESE)):
            with contextlib.suppress(OSError):
                written_ns.append(path.stat().st_mtime_ns)
    return weights_sha256, *written_ns


def _key(weights_sha256: str) -> str:
    return f"siamese {weights_sha256} graph {GRAPH_VERSION}"


def _example() -> dict[str, Pictures]:
    return {"pictures": np.zeros((1, PUBLISHED.side, PUBLISHED.side, 3), np.uint8)}
