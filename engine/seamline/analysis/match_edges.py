"""The first and last clear frames of shots, as match cuts are found by: kept, or looked at now."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import NamedTuple

import numpy as np

from seamline.analysis.ahead import Ahead
from seamline.analysis.embed_shots import embed_frames, rows_of
from seamline.analysis.figures_stage import FIGURES
from seamline.analysis.match_figures import edge_figure, figure_at_edge
from seamline.analysis.match_kept import EdgeKey, EdgeSide, KeptEdges, no_look
from seamline.analysis.match_pictures import FURTHEST, edge_pictures, look_at, step_frames
from seamline.analysis.match_tables import FIGURE_WIDTH, Array, EdgeTable, ShotEdges, SiameseNetwork
from seamline.analysis.pace import Pace
from seamline.analysis.shot_samples import Range, clear_part
from seamline.analysis.signals import Signals
from seamline.errors import ModelError
from seamline.media.film import Film
from seamline.models.encoder import EFFICIENTNET_LITE0_ENCODER, ImageEncoder, LateEncoder
from seamline.models.figures import FigureFinder, figures_key, open_figure_finder
from seamline.progress import Progress

_log = logging.getLogger(__name__)

LEAST_OWN = 3
"""Frames wholly a shot's own: of fewer, nobody sees where things are, and nothing of how they move."""
_AHEAD = 4
_SAVE_EVERY_S = 20.0
_ROW_REACH_S = 0.5
"""How far from the edge a row of the built-in encoder's curve may be; they are half a second apart."""


def shot_edges(
    film: Film,
    shots: Sequence[Range],
    folder: Path | None,
    *,
    own: Sequence[Range] | None = None,
    signals: Signals | None,
    siamese: SiameseNetwork | None = None,
    open_encoder: Callable[[], ImageEncoder] | None = None,
    open_figures: Callable[[], FigureFinder] = open_figure_finder,
    progress: Progress,
    pace: Pace | None = None,
) -> ShotEdges:
    """The heads and tails of the shots, [start_frame, end_frame) each, in their order.

    `own`: of each shot the frames wholly its own, as `project.own_frames.own_parts` gives them, by default all of it;
    nothing else of it is looked at, and a shot that has fewer than three is not usable. Of them, blank ones at the ends
    and those that the curves take for blended are left out, too (`clear_part`).
    Eight frames at each end are decoded, unless `folder`, the film's own in the cache (None: nothing is kept), has
    what was made of them: each edge is kept by itself, so that a moved seam makes two anew. Bodies and vectors come
    from the curves in `signals`; where these have one of figures, faces are looked for at the edges themselves. Where
    `open_figures` raises ModelError, the curve counts alone; such edges are kept apart, and looked at again once there
    are networks.
    `open_encoder` opens the built-in encoder for edges that its curve has no row near, without it they have no vector.
    Progress counts edges. Raises Cancelled, what was done until then is kept;
    ModelError; MediaError where the film cannot be opened any more.
    """
    most = FURTHEST * step_frames(film.rate)
    heads, tails = [], []
    for shot, part in zip(shots, shots if own is None else own, strict=True):
        if part[1] - part[0] < LEAST_OWN:
            heads.append(_Edge(None, shot[0], shot))
            tails.append(_Edge(None, shot[1] - 1, shot))
            continue
        start, end = clear_part(*part, film.rate, signals)
        reach = min(most, end - 1 - start)
        heads.append(_Edge(EdgeKey(start, EdgeSide.HEAD, reach), start, part))
        tails.append(_Edge(EdgeKey(end - 1, EdgeSide.TAIL, reach), end - 1, part))
    looking = _Looking(film, folder, signals, siamese, open_encoder, open_figures, pace or Pace())
    return looking.edges(shots, heads, tails, progress)


def edge_of_frame(
    film: Film,
    frame: int,
    shot: Range,
    folder: Path | None,
    *,
    own: Range | None = None,
    signals: Signals | None = None,
    siamese: SiameseNetwork | None = None,
    open_encoder: Callable[[], ImageEncoder] | None = None,
    open_figures: Callable[[], FigureFinder] = open_figure_finder,
    progress: Progress,
    pace: Pace | None = None,
) -> ShotEdges:
    """That shot alone, [start_frame, end_frame), cut at `frame`: its head begins there, and its tail ends there.

    `own`: the frames wholly the shot's own, by default all of it. As `shot_edges` in all else, but that few frames are
    enough where the frame is chosen. Raises ValueError for a frame outside of `own`.
    """
    part = start, end = shot if own is None else own
    if not start <= frame < end:
        raise ValueError(f"Frame {frame} does not lie in the shot from {start} to {end}.")
    most = FURTHEST * step_frames(film.rate)
    head = EdgeKey(frame, EdgeSide.HEAD, min(most, end - 1 - frame))
    tail = EdgeKey(frame, EdgeSide.TAIL, min(most, frame - start))
    looking = _Looking(film, folder, signals, siamese, open_encoder, open_figures, pace or Pace())
    return looking.edges([shot], [_Edge(head, frame, part)], [_Edge(tail, frame, part)], progress)


class _Edge(NamedTuple):
    """`key` is None where there is nothing to look at; `own`: the frames of the shot that count, [start, end)."""

    key: EdgeKey | None
    frame: int
    own: Range


class _Looking:
    """One film's edges, by all that looks at them."""

    def __init__(
        self,
        film: Film,
        folder: Path | None,
        signals: Signals | None,
        siamese: SiameseNetwork | None,
        open_encoder: Callable[[], ImageEncoder] | None,
        open_figures: Callable[[], FigureFinder],
        pace: Pace,
    ) -> None:
        self._film = film
        self._folder = folder
        self._signals = signals
        self._siamese = siamese
        self._open_encoder = open_encoder
        self._pace = pace
        self._open_figures = open_figures if signals is not None and FIGURES in signals else None
        self._kept = self._kept_edges(with_faces=self._open_figures is not None)

    def _kept_edges(self, *, with_faces: bool) -> KeptEdges:
        siamese = self._siamese.key if self._siamese is not None else None
        return KeptEdges(self._folder, siamese, figures_key() if with_faces else "")

    def edges(
        self, shots: Sequence[Range], heads: list[_Edge], tails: list[_Edge], progress: Progress
    ) -> ShotEdges:
        both = heads + tails
        self._look(sorted({edge.key for edge in both if edge.key is not None}), progress)
        ranges = np.array(shots, np.int64).reshape(-1, 2)
        table = self._table(both, progress)
        count = len(shots)
        return ShotEdges(
            self._film.fingerprint,
            ranges,
            table.rows(slice(0, count)),
            table.rows(slice(count, 2 * count)),
            self._siamese,
        )

    def _look(self, keys: list[EdgeKey], progress: Progress) -> None:
        missing = [key for key in keys if key not in self._kept]
        finder = self._finder() if missing else None
        missing = [key for key in keys if key not in self._kept]
        done, total = len(keys) - len(missing), len(keys)
        progress.step(done, total)
        if not missing:
            return
        saved_s = time.monotonic()
        make = partial(edge_pictures, self._film, missing, self._pace)
        try:
            with Ahead(make, name="seamline-match-edges", room=_AHEAD) as ahead:
                for edge in ahead.items():
                    progress.step(done, total)
                    if edge is None:
                        continue
                    began_s = time.monotonic()
                    look = look_at(edge, self._film, self._siamese, self._kept.features, finder)
                    if look is not None and look.is_finite:
                        self._kept.put(edge.key, look)
                    done += 1
                    if time.monotonic() - saved_s > _SAVE_EVERY_S:
                        self._kept.save()
                        saved_s = time.monotonic()
                    self._pace.rest(time.monotonic() - began_s, threading.Event())
        finally:
            self._kept.save()
        progress.step(total, total)

    def _finder(self) -> FigureFinder | None:
        """None where there is none: what was kept, and is kept, is then of edges without a look for faces."""
        if self._open_figures is None:
            return None
        try:
            return self._open_figures()
        except ModelError as error:
            _log.warning("Faces are not looked for where shots of “%s” meet: %s", self._film.path.name, error)
            self._kept = self._kept_edges(with_faces=False)
            return None

    def _table(self, edges: list[_Edge], progress: Progress) -> EdgeTable:
        lost = no_look(self._kept.features)
        looks = [lost if edge.key is None else self._kept.get(edge.key, lost) for edge in edges]

        def column(name: str) -> Array:
            return np.stack([getattr(look, name) for look in looks or [lost]])[: len(looks)]

        figures = [
            figure_at_edge(look.face, edge_figure(edge.frame, *edge.own, self._film.rate, self._signals))
            if edge.key is not None and edge.key in self._kept
            else np.zeros(FIGURE_WIDTH, np.float32)
            for look, edge in zip(looks, edges, strict=True)
        ]
        return EdgeTable(
            np.array([edge.frame for edge in edges], np.int64),
            column("usable")[:, 0] > 0,
            column("light"),
            column("colour"),
            column("mass"),
            column("lines"),
            np.array(figures, np.float32).reshape(len(edges), FIGURE_WIDTH),
            column("flow"),
            column("camera"),
            column("thing"),
            column("siamese"),
            self._vectors(edges, progress),
        )

    def _vectors(self, edges: list[_Edge], progress: Progress) -> Array:
        """float32[n, D]: of the curve's row nearest to the edge, else of the frame itself."""
        spec = EFFICIENTNET_LITE0_ENCODER
        rows = rows_of(spec, self._signals)
        if not len(rows) and self._open_encoder is None:
            return np.zeros((len(edges), 0), np.float32)
        vectors = np.zeros((len(edges), spec.dimension), np.float32)
        reach = _ROW_REACH_S * float(self._film.rate)
        lacking = []
        for place, edge in enumerate(edges):
            if edge.key is None:
                continue
            low, high = np.searchsorted(rows.frames, clear_part(*edge.own, self._film.rate, self._signals))
            apart = np.abs(rows.frames[low:high] - edge.frame)
            if len(apart) and apart.min() <= reach:
                vectors[place] = rows.vectors[low + int(apart.argmin())]
            elif edge.key in self._kept:
                lacking.append(place)
        if lacking and self._open_encoder is not None:
            frames = np.unique(np.array([edges[place].frame for place in lacking], np.int64))
            encoder = LateEncoder(spec, self._open_encoder)
            found = embed_frames(
                self._film, frames, encoder, self._folder, progress=progress, pace=self._pace
            )
            by_frame = dict(zip(found.frames.tolist(), found.vectors, strict=True))
            for place in lacking:
                vector = by_frame.get(edges[place].frame)
                if vector is not None:
                    vectors[place] = vector
        return vectors
