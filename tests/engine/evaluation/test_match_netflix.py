"""The published labels: read to the letter, ranked by the published protocol."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from seamline.errors import ExchangeError
from seamline.evaluation.match_netflix import main, read_published, report, split_rankings


def _pair(film: str, first: int, second: int, label: bool, **heuristics: float) -> dict[str, Any]:
    return {
        "imdb_id": film,
        "clip1_index": first,
        "clip2_index": second,
        "majority_label": label,
        "annotator_labels": {"1": label, "2": label, "3": False},
        "source_info": [
            {"source_name": name, "rank": 1, "score": score} for name, score in heuristics.items()
        ],
    }


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two films to train with, one each for the rest; what is packed and what is not reads alike."""
    for split, films in (("train", "a b"), ("validation", "c"), ("test", "d")):
        (tmp_path / f"{split}.txt").write_text("\n".join(films.split()))
    frame = [_pair(film, 1, 2, True, h1=1.0) for film in "abcd"]
    frame += [_pair(film, 1, 3, False, h1=1.0, h2=0.4) for film in "abcd"]
    frame.append(_pair("d", 2, 3, False, h2=0.9))
    motion = [_pair(film, 4, 5 + n, n == 0) for film in "abcd" for n in range(4)]
    random = [{"imdb_id": film, "clip1_index": 8, "clip2_index": 9} for film in "abcd"]
    for name, rows in (("frame", frame), ("random-negatives", random)):
        with gzip.open(tmp_path / f"dataset-{name}.json.gz", "wt", encoding="utf-8") as file:
            json.dump(rows, file)
    (tmp_path / "dataset-motion.json").write_text(json.dumps(motion))
    scores = [
        f"{row['imdb_id']},{row['clip1_index']},{row['clip2_index']},{0.9 if row['clip2_index'] == 3 else 0.5}"
        for row in frame
    ]
    (tmp_path / "heuristic3-scores.csv").write_text(
        "\n".join(["imdb_id,shot1_idx,shot2_idx,iiou_score", *scores])
    )
    return tmp_path


def test_a_split_has_the_pairs_of_its_films(folder: Path) -> None:
    published = read_published(folder)

    assert [pair.key for pair in published.of("frame", "test")] == [("d", 1, 2), ("d", 1, 3), ("d", 2, 3)]
    assert [len(published.of("motion", split)) for split in ("train", "validation", "test")] == [8, 4, 4]
    assert published.random_of("test") == (("d", 8, 9),)
    assert published.of("frame", "test")[0].agreeing == 2


def test_the_published_heuristic_is_ranked_beside_chance(folder: Path) -> None:
    overlap, chance, own = split_rankings(read_published(folder), "frame", "test")

    # the match scores .5, both others .9
    assert overlap.average_precision == pytest.approx(1 / 3)
    assert chance.average_precision == pytest.approx((1 + 1 / 2 + 1 / 3) / 3)
    # a heuristic is asked about the pairs it put forward alone; the other has no match among its own
    assert (own.name, own.pairs, own.average_precision) == ("h1, its own", 2, 0.75)


def test_motion_has_no_score_and_is_told_against_chance(folder: Path) -> None:
    (chance,) = split_rankings(read_published(folder), "motion", "validation")

    assert (chance.name, chance.prevalence) == ("chance", 0.25)


def test_the_report_says_what_cannot_be_compared(folder: Path) -> None:
    text = report(read_published(folder))

    assert "frame matches: 4 of 9 pairs (0.444)" in text
    assert "best published on test: AP 0.373" in text
    assert "AP 0.217" in text
    assert "neither finder nor ranker can be measured on these pairs" in text


def test_the_command_prints_json_or_says_what_is_wrong(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(folder), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["frame"]["test"]["overlap of instances"]["pairs"] == 3
    assert told["motion"]["published_test_average_precision"] == 0.217

    (folder / "test.txt").unlink()
    assert main([str(folder)]) == 1
    assert "test.txt" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("dataset-motion.json", "no json", "is no JSON"),
        ("dataset-motion.json", '{"a": 1}', "holds no list"),
        ("dataset-motion.json", '[{"imdb_id": "a"}]', "does not name its two shots"),
        ("dataset-motion.json", '[{"imdb_id": "a", "clip1_index": 1, "clip2_index": 2}]', "has no label"),
        ("heuristic3-scores.csv", "imdb_id,shot1_idx\na,1", "not as published"),
        ("validation.txt", "a", "in two of the lists"),
    ],
)
def test_what_is_not_as_published_is_refused(folder: Path, name: str, content: str, said: str) -> None:
    (folder / name).write_text(content)

    with pytest.raises(ExchangeError, match=said):
        read_published(folder)


def test_a_torn_packed_file_is_refused(folder: Path) -> None:
    path = folder / "dataset-frame.json.gz"
    path.write_bytes(path.read_bytes()[:-20])

    with pytest.raises(ExchangeError, match="cannot be read"):
        read_published(folder)
