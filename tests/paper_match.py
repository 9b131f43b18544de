"""Match cuts that cost nothing: every shot goes with every other one that does not follow it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import Any

from seamline.media.film import Film
from seamline.progress import Progress
from seamline.project.footage import ShotFootage
from seamline.project.match_cuts import MatchKind, MatchPair, MatchSide
from seamline.project.types import Seam


class PaperEdges:
    """Stands for the edges of shots: nothing but where these are."""

    def __init__(self, fingerprint: str, shots: Sequence[tuple[int, int]], siamese: object) -> None:
        self.fingerprint = fingerprint
        self.shots = list(shots)
        self.siamese = siamese
        self.cut: int | None = None


class PaperEngine:
    """Pairs every shot with every other one that does not follow it; each pair is less likely than the one before, and
    every second one of the other kind.

    `shots`: those whose edges were looked at, each time; `footage`: what was known of set-ups when pairs were ranked. A
    look waits at `gate`, as far as it is not told to stop.
    """

    key = "paper"

    def __init__(self) -> None:
        self.gate = threading.Event()
        self.gate.set()
        self.shots: list[list[tuple[int, int]]] = []
        self.footage: list[list[tuple[int, int]]] = []
        self.error: Exception | None = None
        self.is_empty = False

    def edges(self, film: Film, shots: Sequence[tuple[int, int]], *_: Any, **options: Any) -> PaperEdges:
        self.shots.append(list(shots))
        progress: Progress = options["progress"]
        progress.step(2, 12)
        while not self.gate.wait(0.01):
            progress.step(3, 12)
        if self.error is not None:
            raise self.error
        return PaperEdges(film.fingerprint, shots, options["siamese"])

    def edge_at(self, film: Film, frame: int, shot: tuple[int, int], *_: Any, **options: Any) -> PaperEdges:
        edges = PaperEdges(film.fingerprint, [shot], options["siamese"])
        edges.cut = frame
        return edges

    def find(
        self,
        tails: PaperEdges,
        heads: PaperEdges,
        *,
        rule: Any,
        footage: Sequence[ShotFootage] = (),
        **_: Any,
    ) -> tuple[MatchPair, ...]:
        self.footage.append([shot.range for shot in footage])
        pairs: list[MatchPair] = []
        kinds = sorted(rule.kinds)
        for a_start, a_end in tails.shots:
            for b_start, b_end in heads.shots:
                if tails.fingerprint == heads.fingerprint and a_end >= b_start and b_end > a_start:
                    continue
                pairs.append(
                    MatchPair(
                        MatchSide(
                            tails.fingerprint, a_start, a_end, a_end - 1 if tails.cut is None else tails.cut
                        ),
                        MatchSide(
                            heads.fingerprint, b_start, b_end, b_start if heads.cut is None else heads.cut
                        ),
                        kinds[len(pairs) % len(kinds)],
                        0.9 - 0.05 * len(pairs),
                        0.8,
                        0.2,
                        0.5,
                        "Both figures left of centre",
                    )
                )
        return () if self.is_empty else tuple(pairs)

    def cuts(self, edges: PaperEdges, seams: Sequence[Seam], **_: Any) -> tuple[tuple[Seam, MatchPair], ...]:
        """The first seam is a match cut."""
        if len(edges.shots) < 2:
            return ()
        (a, b), *_rest = zip(edges.shots, edges.shots[1:], strict=False)
        sides = MatchSide(edges.fingerprint, *a, a[1] - 1), MatchSide(edges.fingerprint, *b, b[0])
        return ((seams[0], MatchPair(*sides, MatchKind.MOTION, 0.7, 0.2, 0.7, 0.5, "Pan left at one speed")),)


def put_match_engine(put: Callable[[Any, str, Any], None]) -> PaperEngine:
    """Have match cuts found by paper; `put` is a monkeypatch's `setattr`."""
    from seamline_app import match_marks
    from seamline_app.jobs import match_films, match_search

    engine = PaperEngine()
    put(match_search, "open_siamese", lambda **_: engine)
    put(match_search, "siamese_key", lambda: engine.key)
    put(match_search, "shot_edges", engine.edges)
    put(match_search, "edge_of_frame", engine.edge_at)
    put(match_search, "find_matches", engine.find)
    put(match_search, "matching_cuts", engine.cuts)
    put(match_films, "label_stages", lambda _: ())
    put(match_marks, "_ASKED_AFTER_MS", 1)
    return engine
