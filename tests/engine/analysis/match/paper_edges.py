"""Edges of shots by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from seamline.analysis.match_tables import A_FACE, EdgeTable, ShotEdges

CELLS = 144


class PaperSiamese:
    """Its feature is the mean of the flow picture; two that have the same are sure to go together."""

    def __init__(self, key: str = "paper") -> None:
        self.key = key
        self.seen = 0

    def features(self, pictures: NDArray[np.uint8]) -> NDArray[np.float32]:
        assert pictures.shape[1:] == (224, 224, 3)
        self.seen += len(pictures)
        return np.tile(pictures.reshape(len(pictures), -1).mean(axis=1)[:, None], (1, 128)).astype(np.float32)

    def score_01(self, a: NDArray[np.float32], b: NDArray[np.float32]) -> NDArray[np.float32]:
        return np.asarray(np.exp(-np.abs(a - b).mean(axis=-1)), np.float32)


def blob(x: float, y: float, size: float = 0.12) -> NDArray[np.float32]:
    """float32[144]: one thing at a place, as shares of the sides."""
    across, down = np.meshgrid((np.arange(16) + 0.5) / 16, (np.arange(9) + 0.5) / 9)
    return np.exp(-(((across - x) ** 2 + (down - y) ** 2) / size**2)).astype(np.float32).ravel()


def moving(right: float, down: float) -> NDArray[np.float32]:
    """float32[288]: all goes one way, in widths a second."""
    return np.tile(np.array([right, down], np.float32), CELLS)


def edges_of(count: int, *, seed: int = 1, fingerprint: str = "film", length: int = 50) -> ShotEdges:
    """Shots that have nothing in common, still, without figures."""
    shots = np.stack([np.arange(count) * length, np.arange(1, count + 1) * length], axis=1).astype(np.int64)
    rng = np.random.default_rng(seed)
    return ShotEdges(
        fingerprint, shots, _unlike(rng, shots[:, 0]), _unlike(rng, shots[:, 1] - 1), PaperSiamese()
    )


def _unlike(rng: np.random.Generator, frames: NDArray[np.int64]) -> EdgeTable:
    count = len(frames)
    light = rng.normal(size=(count, CELLS)).astype(np.float32) * 0.2
    lines = (rng.random((count, 8 * CELLS)) * (rng.random((count, 8 * CELLS)) < 0.2)).astype(np.float32)
    vectors = rng.normal(size=(count, 16)).astype(np.float32)
    return EdgeTable(
        frames.astype(np.int64),
        np.ones(count, np.bool_),
        light,
        rng.random((count, 120)).astype(np.float32),
        rng.random((count, CELLS)).astype(np.float32),
        lines / np.linalg.norm(lines, axis=1, keepdims=True),
        np.zeros((count, 5), np.float32),
        np.zeros((count, 2 * CELLS), np.float32),
        np.tile(np.array([0, 0, 0, 1], np.float32), (count, 1)),
        np.zeros((count, 3), np.float32),
        rng.exponential(20, (count, 128)).astype(np.float32),
        vectors / np.linalg.norm(vectors, axis=1, keepdims=True),
    )


def with_row(table: EdgeTable, place: int, **values: NDArray[np.float32] | bool) -> EdgeTable:
    """The table with other values in one row."""
    changed = {}
    for name, value in values.items():
        changed[name] = getattr(table, name).copy()
        changed[name][place] = value
    return replace(table, **changed)


def matched(edges: ShotEdges, out: int, into: int, *, vectors: bool = False) -> ShotEdges:
    """With the head of shot `into` composed as the tail of shot `out` is; of the same things, too, if `vectors`."""
    names = ["light", "mass", "lines", "colour", *(["vectors"] if vectors else [])]
    heads = with_row(edges.heads, into, **{name: getattr(edges.tails, name)[out] for name in names})
    return replace(edges, heads=heads)


def with_motion(
    edges: ShotEdges, out: int, into: int, going: NDArray[np.float32], coming: NDArray[np.float32]
) -> ShotEdges:
    """With such flow at the tail of `out` and the head of `into`, all of it the camera's."""
    return replace(
        edges,
        tails=with_row(edges.tails, out, flow=going, camera=np.array([*going[:2], 0, 1], np.float32)),
        heads=with_row(edges.heads, into, flow=coming, camera=np.array([*coming[:2], 0, 1], np.float32)),
    )


def face(x: float, y: float, height: float, sure: float = 0.9) -> NDArray[np.float32]:
    return np.array([A_FACE, x, y, height, sure], np.float32)
