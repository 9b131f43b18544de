"""The published labels of match cuts, and the published heuristic held against them.

    python -m seamline.evaluation.match_netflix FOLDER

FOLDER holds the annotations of Chen, Ziai, Tucker and Xie, Match Cutting: Finding Cuts with Smooth Visual Transitions,
WACV 2023, as published (.json, .csv, or the same with .gz), with its lists of films (train.txt, validation.txt,
test.txt). There are labels, times and one heuristic's scores, and no pictures: what needs pictures is not compared.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import io
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from seamline.errors import ExchangeError, SeamlineError
from seamline.evaluation.match_metrics import Ranking, chance_ranking, ranking, ranking_table

TASKS = ("frame", "motion")
SPLITS = ("train", "validation", "test")

PUBLISHED = {"frame": (0.373, 0.087), "motion": (0.217, 0.099)}
"""The best published average precision on the test films, and the share of matches given beside it."""

_HEURISTIC = "heuristic3-scores.csv"
_MOST_BYTES = 64 << 20  # of a file when unpacked: the largest published one has 4 MB

NOT_COMPARED = (
    "The best published average precision is of networks that were trained on these labels and on vectors of the",
    "films' pictures; the films are not ours to have, so neither finder nor ranker can be measured on these pairs.",
    "Nor do planted matches say how it would do there: these pairs were chosen by heuristics as likely ones, from 100",
    "films, and judged by three people, of whom two had to agree; planted ones are matches by construction.",
    "A pair is one of whole shots and without an order; which frames it would be cut at was not asked.",
)


@dataclass(frozen=True, slots=True)
class LabelledPair:
    """Two shots of a film by their numbers, and whether most of those asked called them a match."""

    film: str
    first: int
    second: int
    is_match: bool
    agreeing: int
    """How many said so."""
    heuristics: dict[str, float]
    """By the name of each published heuristic that put the pair forward, its score."""

    @property
    def key(self) -> tuple[str, int, int]:
        return self.film, self.first, self.second


@dataclass(frozen=True, slots=True)
class PublishedPairs:
    """`pairs` by task, `films` by split, `random` pairs that nobody looked at, `heuristic` scores by pair."""

    pairs: dict[str, tuple[LabelledPair, ...]]
    films: dict[str, frozenset[str]]
    random: tuple[tuple[str, int, int], ...]
    heuristic: dict[tuple[str, int, int], float]

    def of(self, task: str, split: str) -> tuple[LabelledPair, ...]:
        return tuple(pair for pair in self.pairs[task] if pair.film in self.films[split])

    def random_of(self, split: str) -> tuple[tuple[str, int, int], ...]:
        return tuple(key for key in self.random if key[0] in self.films[split])


def read_published(folder: Path) -> PublishedPairs:
    """Raises ExchangeError for a file that is missing or is not as published."""
    if not folder.is_dir():
        raise ExchangeError(f"“{folder}” is no folder: name the one with the published annotations.")
    films = {split: frozenset(_text(folder, f"{split}.txt").split()) for split in SPLITS}
    if any(films[one] & films[other] for one in SPLITS for other in SPLITS if one < other):
        raise ExchangeError(f"A film stands in two of the lists in “{folder}”: take them as published.")
    pairs = {
        task: tuple(_labelled(row, f"dataset-{task}.json") for row in _rows(folder, f"dataset-{task}.json"))
        for task in TASKS
    }
    name = "dataset-random-negatives.json"
    random = tuple(_key(row, name) for row in _rows(folder, name))
    return PublishedPairs(pairs, films, random, dict(_scores(folder)))


def split_rankings(published: PublishedPairs, task: str, split: str) -> tuple[Ranking, ...]:
    """The published protocol: the judged pairs of the films of that split, as one list.

    Chance; for frame matches, the overlap of instances that is published with the labels, which has no score for
    pairs of motion; and each heuristic that pairs were put forward by, on those pairs alone. Raises ValueError where
    the split has no match.
    """
    pairs = published.of(task, split)
    truth = np.array([pair.is_match for pair in pairs], np.bool_)
    rankings = []
    if all(pair.key in published.heuristic for pair in pairs):
        overlap = np.array([published.heuristic[pair.key] for pair in pairs])
        rankings.append(ranking("overlap of instances", overlap, truth))
    rankings.append(chance_ranking(truth))
    for name in sorted({name for pair in pairs for name in pair.heuristics}):
        own = [pair for pair in pairs if name in pair.heuristics]
        if any(pair.is_match for pair in own):
            scores = [pair.heuristics[name] for pair in own]
            rankings.append(ranking(f"{name}, its own", scores, [pair.is_match for pair in own]))
    return tuple(rankings)


def report(published: PublishedPairs) -> str:
    """All figures as text, without a line end at its end."""
    return "\n".join(_lines(published))


def as_dict(published: PublishedPairs) -> dict[str, Any]:
    """The same for programs."""
    return {
        task: {
            split: {
                each.name: {
                    "pairs": each.pairs,
                    "matches": each.matches,
                    "average_precision": each.average_precision,
                    "precision_at": each.precision,
                }
                for each in split_rankings(published, task, split)
            }
            for split in SPLITS
        }
        | {"published_test_average_precision": PUBLISHED[task][0]}
        for task in TASKS
    }


def _lines(published: PublishedPairs) -> Iterator[str]:
    films = ", ".join(f"{split} {len(published.films[split])}" for split in SPLITS)
    yield f"Films: {films}"
    for task in TASKS:
        every = published.pairs[task]
        matches = sum(pair.is_match for pair in every)
        torn = sum(pair.agreeing in (1, 2) for pair in every)
        yield ""
        yield f"{task} matches: {matches} of {len(every)} pairs ({matches / len(every):.3f})"
        yield f"those asked disagreed about {torn / len(every):.3f} of the pairs"
        for split in SPLITS:
            beside = len(published.random_of(split))
            yield f"{split} ({beside} more pairs were drawn at random and judged by nobody: left out)"
            yield ranking_table(split_rankings(published, task, split))
        best, share = PUBLISHED[task]
        yield f"best published on test: AP {best:.3f} (share {share:.3f} of all judged pairs)"
    yield ""
    yield from NOT_COMPARED


def _labelled(row: Any, name: str) -> LabelledPair:
    key = _key(row, name)
    said, judged = row.get("majority_label"), row.get("annotator_labels")
    if not isinstance(said, bool) or not isinstance(judged, dict):
        raise ExchangeError(f"A pair in “{name}” has no label: take the file as published.")
    try:
        heuristics = {str(each["source_name"]): float(each["score"]) for each in row.get("source_info", ())}
    except (KeyError, TypeError, ValueError) as error:
        raise ExchangeError(f"A pair in “{name}” has a torn score: take the file as published.") from error
    return LabelledPair(*key, said, sum(bool(each) for each in judged.values()), heuristics)


def _key(row: Any, name: str) -> tuple[str, int, int]:
    try:
        return str(row["imdb_id"]), int(row["clip1_index"]), int(row["clip2_index"])
    except (KeyError, TypeError, ValueError) as error:
        raise ExchangeError(
            f"A pair in “{name}” does not name its two shots: take the file as published."
        ) from error


def _rows(folder: Path, name: str) -> list[Any]:
    try:
        rows = json.loads(_text(folder, name))
    except ValueError as error:
        raise ExchangeError(f"“{name}” in “{folder}” is no JSON: take the file as published.") from error
    if not isinstance(rows, list):
        raise ExchangeError(f"“{name}” in “{folder}” holds no list of pairs: take the file as published.")
    return rows


def _scores(folder: Path) -> Iterator[tuple[tuple[str, int, int], float]]:
    try:
        for row in csv.DictReader(io.StringIO(_text(folder, _HEURISTIC))):
            yield (row["imdb_id"], int(row["shot1_idx"]), int(row["shot2_idx"])), float(row["iiou_score"])
    except (KeyError, TypeError, ValueError) as error:
        raise ExchangeError(f"“{_HEURISTIC}” in “{folder}” is not as published: take it anew.") from error


def _text(folder: Path, name: str) -> str:
    plain, packed = folder / name, folder / f"{name}.gz"
    try:
        if plain.is_file():
            with plain.open("rb") as file:
                data = file.read(_MOST_BYTES + 1)
        elif packed.is_file():
            with gzip.open(packed, "rb") as file:
                data = file.read(_MOST_BYTES + 1)
        else:
            raise ExchangeError(
                f"There is no “{name}” in “{folder}”: name the folder with the published files."
            )
        if len(data) > _MOST_BYTES:
            raise ExchangeError(f"“{name}” in “{folder}” is larger than was published: take it anew.")
        return data.decode("utf-8")
    except (OSError, EOFError, UnicodeDecodeError) as error:
        raise ExchangeError(f"“{name}” in “{folder}” cannot be read: {error}. Take it anew.") from error


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m seamline.evaluation.match_netflix",
        description="Tells how often published pairs are match cuts, and how well the published heuristic ranks them.",
    )
    parser.add_argument("folder", type=Path, help="with the published annotations")
    parser.add_argument("--json", action="store_true", help="print JSON")
    chosen = parser.parse_args(arguments)
    try:
        published = read_published(chosen.folder)
        text = json.dumps(as_dict(published), indent=2) if chosen.json else report(published)
    except (SeamlineError, ValueError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write(f"{text}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
