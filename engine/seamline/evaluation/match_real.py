"""Pairs of real shots that were judged by eye as match cuts, and what the finder makes of them.

    python -m seamline.evaluation.match_real FOLDER
    python -m seamline.evaluation.match_real FOLDER --half test --without CLIP

FOLDER holds the clips that the list names, at any depth. The list has frames and verdicts, and no footage: of each
pair the last frame of the shot that goes out and the first of the one that comes in. The edges looked at are those very
frames, in the shots that the program finds about them now, so that a seam which moves changes no verdict; shots found
otherwise change only which set-up they belong to. Clips are analysed where they were not; their looks are kept.

What is chosen by real pairs is chosen by those of the fitting half, and told of those of the test half.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from seamline.analysis.analyze import Analysis
from seamline.analysis.cache import AnalysisCache
from seamline.analysis.match_edges import edge_of_frame
from seamline.analysis.match_features import PAIR_FEATURES, pair_features
from seamline.analysis.match_finder import MatchRule, find_matches
from seamline.analysis.match_ranker import MatchRanker, read_ranker, shipped_ranker
from seamline.analysis.match_tables import ShotEdges, SiameseNetwork
from seamline.analysis.stages import label_stages
from seamline.errors import ExchangeError, ProjectError, SeamlineError
from seamline.evaluation.match_metrics import Ranking, chance_ranking, ranking, ranking_table
from seamline.evaluation.match_scores import part_scores
from seamline.evaluation.match_sheet import SeenFilm, seen
from seamline.evaluation.real_shots import RealShot, find_clips
from seamline.exchange.csv_rows import has_columns, read_rows
from seamline.models.encoder import open_efficientnet
from seamline.models.siamese_session import open_siamese
from seamline.progress import CancellableProgress, Progress
from seamline.project.match_cuts import MatchKind

LIST = Path(__file__).with_name("real_matches.csv")
NO, ARGUABLE, YES = range(3)
"""What was said of a pair: whether it would cut together, as a strict editor sees it."""

KS = (10, 20)
_COLUMNS = ("clip", "out_frame", "clip_in", "in_frame", "frame", "motion", "pool")
_NUMBERS = _COLUMNS[1], *_COLUMNS[3:6]

HOW = (
    "The pool: what each measure of a pair alone puts first, and the ranker, and weights set by hand (by composition",
    "and by motion, within films and between them), some drawn by lot, and some picked by looking through all first",
    "and last frames (“eye”), so that what no measure finds is there too. Pairs outside of it are unjudged: what is",
    "found there does not count. One pair of eyes judged stills of .4 s on each side, without being told what had put",
    "a pair there, “eye” excepted. So few match that one more or less among the first ten moves an average precision",
    "by some hundredths.",
)
HALVES = (
    "The halves: of all clips of the list by name every second one, from the second on, is the test half's; a pair is",
    "the test half's where both its clips are, and the fitting half's where one of them is not.",
)


@dataclass(frozen=True, slots=True)
class RealMatch:
    """Frame `out_frame` of `clip` is the last before the cut, `in_frame` of `clip_in` the first behind it.

    `frame`, `motion`: NO, ARGUABLE or YES, by where things stand and by how they move. `pool`: what put it in the list.
    Raises ProjectError where that cannot be.
    """

    clip: str
    out_frame: int
    clip_in: str
    in_frame: int
    frame: int
    motion: int
    pool: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if min(self.out_frame, self.in_frame) < 0 or not {self.frame, self.motion} <= {NO, ARGUABLE, YES}:
            raise ProjectError("a pair needs frames from 0 on, and verdicts of 0, 1 or 2")

    @property
    def clips(self) -> set[str]:
        return {self.clip, self.clip_in}

    def verdict(self, kind: MatchKind | None) -> int:
        """By where things stand, or how they move; by the better of both where no kind is asked."""
        if kind is None:
            return max(self.frame, self.motion)
        return self.frame if kind == MatchKind.FRAME else self.motion


class Half(StrEnum):
    """Of the clips of a list, by name: every second one, from the second on, is the test half's. Of the pairs: both
    clips of one in the test half are of that half, any other pair is in the fitting half."""

    FITTING = "fitting"
    TEST = "test"

    def of(self, matches: Sequence[RealMatch]) -> tuple[RealMatch, ...]:
        """Its pairs, of all those of a list."""
        test = set(sorted(_clips(matches))[1::2])
        return tuple(match for match in matches if (match.clips <= test) == (self is Half.TEST))


def without(matches: Sequence[RealMatch], clips: Sequence[str]) -> tuple[RealMatch, ...]:
    """The pairs that have none of these clips. Raises ExchangeError for a clip that no pair has."""
    if unknown := sorted(set(clips) - (known := _clips(matches))):
        raise ExchangeError(f"No pair has “{unknown[0]}”: leave out one of {', '.join(sorted(known))}.")
    return tuple(match for match in matches if not match.clips & set(clips))


def _clips(matches: Sequence[RealMatch]) -> set[str]:
    return {name for match in matches for name in match.clips}


def read_real_matches(path: Path = LIST) -> tuple[RealMatch, ...]:
    """The pairs of a list with those columns; `pool` is divided by spaces. Raises ExchangeError, as `read_rows`."""
    return read_rows(path, has_columns(path, _COLUMNS), _match)


def _match(row: Mapping[str, str | None], path: Path, line: int) -> RealMatch:
    clip, clip_in = row["clip"], row["clip_in"]
    try:
        if not clip or not clip_in:
            raise ProjectError("a pair needs the names of both clips")
        out_frame, in_frame, frame, motion = (int(row[column] or "") for column in _NUMBERS)
        return RealMatch(
            clip, out_frame, clip_in, in_frame, frame, motion, tuple((row["pool"] or "").split())
        )
    except (ProjectError, ValueError) as error:
        raise ExchangeError(f"“{path}”, line {line}: {error}. Correct that line.") from error


@dataclass(frozen=True, slots=True, eq=False)
class RealPairs:
    """`features`: float32[n, features] of the `pairs`; `left_out`: bool[n], which of them the finder does not offer."""

    pairs: tuple[RealMatch, ...]
    features: NDArray[np.float32]
    left_out: NDArray[np.bool_]

    def are(self, kind: MatchKind | None, least: int) -> NDArray[np.bool_]:
        """bool[n]; of either kind where none is asked."""
        return np.array([pair.verdict(kind) >= least for pair in self.pairs], np.bool_)


class _Clip:
    """A clip with the edges of its shots at given frames, each looked at once."""

    def __init__(self, path: Path, cache: AnalysisCache, siamese: SiameseNetwork, progress: Progress) -> None:
        self.seen: SeenFilm = seen(path, cache, siamese, progress)
        film = self.seen.film
        self._look = partial(
            edge_of_frame,
            film,
            folder=cache.film_folder(film.fingerprint),
            signals=Analysis(film, cache=cache, further=label_stages(film)).signals,
            siamese=siamese,
            open_encoder=open_efficientnet,
            progress=progress,
        )
        self._known: dict[tuple[int, bool], ShotEdges] = {}

    def cut_at(self, frame: int, *, goes_out: bool) -> ShotEdges:
        """The shot about that frame alone, with its tail there, or its head; its other end is where it was found."""
        key = frame, goes_out
        if key not in self._known:
            whole = self.seen.edges
            about = np.flatnonzero((whole.shots[:, 0] <= frame) & (frame < whole.shots[:, 1]))
            if not len(about):
                name = self.seen.film.path.name
                raise ExchangeError(f"“{name}” has no frame {frame}: this is not the file that was judged.")
            place = int(about[0])
            start, end = (int(each) for each in whole.shots[place])
            own = self.seen.own[place]
            # what was judged counts, also where a gradual seam was found about it since
            found = self._look(frame, (start, end), own=own if own[0] <= frame < own[1] else None)
            there = slice(place, place + 1)
            if goes_out:
                self._known[key] = replace(found, heads=whole.heads.rows(there))
            else:
                self._known[key] = replace(found, tails=whole.tails.rows(there))
        return self._known[key]


def judged_pairs(
    matches: Sequence[RealMatch],
    paths: Mapping[str, Path],
    *,
    cache: AnalysisCache,
    siamese: SiameseNetwork,
    progress: Progress,
) -> RealPairs:
    """Those of the pairs whose clips are in `paths`, by name; progress counts clips.

    Raises SeamlineError or Cancelled.
    """
    pairs = tuple(match for match in matches if match.clip in paths and match.clip_in in paths)
    names = sorted(_clips(pairs))
    clips = {}
    for done, name in enumerate(names):
        progress.step(done, len(names))
        clips[name] = _Clip(paths[name], cache, siamese, progress)
    features = np.empty((len(pairs), len(PAIR_FEATURES)), np.float32)
    left_out = np.empty(len(pairs), np.bool_)
    first, rule = np.zeros(1, np.int64), MatchRule(limit=1, leaves_out_cuts=False)
    for row, pair in enumerate(pairs):
        out = clips[pair.clip].cut_at(pair.out_frame, goes_out=True)
        into = clips[pair.clip_in].cut_at(pair.in_frame, goes_out=False)
        footage = clips[pair.clip].seen.footage if pair.clip == pair.clip_in else ()
        features[row] = pair_features(out, into, first, first)[0]
        left_out[row] = not find_matches(out, into, footage=footage, rule=rule)
    return RealPairs(pairs, features, left_out)


def real_rankings(
    judged: RealPairs, ranker: MatchRanker, kind: MatchKind | None, least: int
) -> list[Ranking]:
    """The pairs of that kind, or of either where none is asked, with that verdict or more, among all; what the finder
    leaves out comes last.

    Raises ValueError where there is none.
    """
    truth = judged.are(kind, least)
    features = judged.features
    frame, motion, score = ranker.scores(features)
    scores: dict[str, NDArray[np.floating]] = {
        "combined": score,
        **({} if kind is None else {f"{kind.value} score": frame if kind == MatchKind.FRAME else motion}),
        "composition alone": part_scores(ranker, features, "composition"),
        "motion alone": part_scores(ranker, features, "motion"),
        "siamese alone": features[:, PAIR_FEATURES.index("siamese")],
        "encoder alone": features[:, PAIR_FEATURES.index("content")],
        "light, mass and lines": features[:, PAIR_FEATURES.index("composition")],
    }
    found = [
        ranking(name, np.where(judged.left_out, -np.inf, values), truth, KS)
        for name, values in scores.items()
    ]
    return [*found, chance_ranking(truth, KS)]


def report(judged: RealPairs, ranker: MatchRanker, *, half: Half | None = None) -> str:
    """All figures as text, without a line end at its end; of the pairs of which `half`, None for both."""
    return "\n".join(_lines(judged, ranker, half))


def _lines(judged: RealPairs, ranker: MatchRanker, half: Half | None) -> Iterator[str]:
    which = "" if half is None else f", the {half.value} half"
    yield f"{len(judged.pairs)} judged pairs of {len(_clips(judged.pairs))} clips{which}"
    if half is not None:
        yield from HALVES
    yield from HOW
    for kind in (*MatchKind, None):
        name = "either" if kind is None else kind.value
        for least, said in ((YES, "clear matches"), (ARGUABLE, "clear and arguable matches")):
            truth = judged.are(kind, least)
            lost = int((truth & judged.left_out).sum())
            yield f"{name}: {said}, {int(truth.sum())} of {len(truth)}; {lost} of them are not offered"
            if truth.any():
                yield ranking_table(real_rankings(judged, ranker, kind, least))
    yield f"{'in the pool by':18}{'pairs':>7}{'frame 2':>9}{'1 or 2':>8}{'motion 2':>10}{'1 or 2':>8}"
    for name, count in Counter(name for pair in judged.pairs for name in pair.pool).most_common():
        there = [name in pair.pool for pair in judged.pairs]
        matches = [
            int(judged.are(kind, least)[there].sum()) for kind in MatchKind for least in (YES, ARGUABLE)
        ]
        yield f"{name:18}{count:7}" + "".join(f"{n:{w}}" for n, w in zip(matches, (9, 8, 10, 8), strict=True))


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m seamline.evaluation.match_real",
        description="Tells how the finder of match cuts ranks pairs of real shots that were judged by eye.",
    )
    parser.add_argument("folder", type=Path, metavar="FOLDER", help="where the clips are")
    parser.add_argument("--weights", type=Path, metavar="FILE.json", help="others than those that ship")
    parser.add_argument("--list", type=Path, default=LIST, metavar="FILE.csv", help="other pairs than ours")
    parser.add_argument("--half", choices=[half.value for half in Half], help="of the pairs")
    parser.add_argument(
        "--without", action="append", default=[], metavar="CLIP", help="leave out its pairs; more than once"
    )
    chosen = parser.parse_args(arguments)
    try:
        ranker = shipped_ranker() if chosen.weights is None else read_ranker(chosen.weights)
        listed = read_real_matches(chosen.list)
        half = None if chosen.half is None else Half(chosen.half)
        kept = set(without(listed, chosen.without))
        # halves are those of the whole list, whatever is left out of it
        matches = [match for match in (listed if half is None else half.of(listed)) if match in kept]
        named = {RealShot(name, 0, 1) for name in _clips(matches)}
        paths = find_clips(chosen.folder, named)
        judged = judged_pairs(
            matches, paths, cache=AnalysisCache(), siamese=open_siamese(), progress=CancellableProgress()
        )
    except SeamlineError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    if chosen.without:
        sys.stdout.write(f"Left out, as was asked: the pairs of {', '.join(sorted(set(chosen.without)))}\n")
    if missing := sorted(_clips(matches) - set(paths)):
        sys.stdout.write(f"Left out, as not in “{chosen.folder}”: the pairs of {', '.join(missing)}\n")
    if not judged.pairs:
        sys.stderr.write(f"None of these pairs has both its clips in “{chosen.folder}”.\n")
        return 1
    sys.stdout.write(report(judged, ranker, half=half) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
