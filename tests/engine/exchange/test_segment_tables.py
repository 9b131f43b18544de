"""Segments, embeddings, scores and statistics as files that other programs read."""

from __future__ import annotations

import csv
import io
import json
import sys
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from seamline.analysis.segmentation import FilmContent, Segmentation, SegmentationSettings, segment_film
from seamline.analysis.successor import Sampling
from seamline.errors import ExchangeError
from seamline.exchange.arrays import (
    Table,
    embeddings_table,
    scores_table,
    segments_table,
    statistics_table,
    write_table,
    written_paths,
)
from seamline.exchange.files import TargetExistsError
from seamline.exchange.segments_csv import COLUMNS, write_segments_csv
from seamline.project.types import Project, Seam

SAMPLING = Sampling(300, 6, Fraction(25))
SEAMS = (Seam(99, 100), Seam(219, 220))


@pytest.fixture
def project(make_project: Callable[..., Project]) -> Project:
    return make_project(SEAMS, frames=300)


@pytest.fixture
def content() -> FilmContent:
    contents = np.searchsorted([100, 220], SAMPLING.frames, side="right")
    embeddings = np.eye(4, dtype=np.float32)[contents]
    return FilmContent(SAMPLING, embeddings, np.full(50, 120, np.float32), None, SEAMS)


@pytest.fixture
def segmentation(content: FilmContent) -> Segmentation:
    return segment_film(content, SegmentationSettings(max_keyframes=2))


def rows_of(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_the_segments_as_csv(segmentation: Segmentation, project: Project) -> None:
    text = write_segments_csv(segmentation, project)
    assert text.encode("ascii").count(b"\r") == 0
    rows = rows_of(text)
    assert tuple(rows[0]) == COLUMNS
    assert [(row["start_frame"], row["end_frame"]) for row in rows] == [
        ("0", "100"), ("100", "220"), ("220", "300"),
    ]  # fmt: skip
    assert [row["start_timecode"] for row in rows] == ["01:00:00:00", "01:00:04:00", "01:00:08:20"]
    assert rows[2]["end_timecode"] == "01:00:12:00"
    assert rows[1]["duration_s"] == "4.800000"
    assert [(row["first_shot"], row["last_shot"]) for row in rows] == [("1", "1"), ("2", "2"), ("3", "3")]
    assert [row["opening"] for row in rows] == ["film", "candidate", "candidate"]
    assert float(rows[0]["strength"]) == 0 < float(rows[1]["strength"]) <= 1
    for row in rows:
        keyframes = [int(frame) for frame in row["keyframes"].split(" ")]
        assert all(int(row["start_frame"]) <= frame < int(row["end_frame"]) for frame in keyframes)


def test_a_segment_counts_every_shot_it_has_a_part_of(
    content: FilmContent, make_project: Callable[..., Project]
) -> None:
    project = make_project([Seam(49, 50), Seam(98, 99), Seam(219, 220)], frames=300)
    rows = rows_of(write_segments_csv(segment_film(content), project))
    assert [(row["first_shot"], row["last_shot"]) for row in rows] == [("1", "3"), ("3", "3"), ("4", "4")]


def test_durations_at_a_variable_rate_are_those_of_its_frames(
    content: FilmContent, make_project: Callable[..., Project]
) -> None:
    times_ms = [0, *np.cumsum(np.resize([20, 60], 300)).tolist()]
    project = make_project(SEAMS, times_ms=times_ms)
    rows = rows_of(write_segments_csv(segment_film(content), project))
    assert sum(float(row["duration_s"]) for row in rows) == pytest.approx(12.0)


def test_embeddings_as_npy_say_what_their_rows_are(
    content: FilmContent, project: Project, tmp_path: Path
) -> None:
    path = tmp_path / "e.npy"
    write_table(embeddings_table(content, project, "encoder 1"), path, overwrite=False)
    assert np.array_equal(np.load(path), content.embeddings)
    about = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
    assert about["shape"] == [50, 4]
    assert about["dtype"] == "float32"
    assert about["every_frames"] == 6
    assert about["encoder"] == "encoder 1"
    assert about["film"] == project.film.path.name
    assert about["row_labels"]["frame"][:3] == [0, 6, 12]
    assert about["row_labels"]["timecode"][1] == "01:00:00:06"
    assert about["row_labels"]["time_s"][-1] == pytest.approx(294 / 25)
    assert sorted(file.name for file in tmp_path.iterdir()) == ["e.json", "e.npy"]


def test_scores_as_csv(
    segmentation: Segmentation, content: FilmContent, project: Project, tmp_path: Path
) -> None:
    write_table(scores_table(segmentation, content, project), tmp_path / "s.csv", overwrite=False)
    rows = rows_of((tmp_path / "s.csv").read_text(encoding="utf-8"))
    assert list(rows[0]) == ["frame", "time_s", "timecode", "distance", "score", "threshold"]
    over = [int(row["frame"]) for row in rows if float(row["score"]) > float(row["threshold"])]
    assert over == [102, 222]  # the first samples of new content
    assert float(rows[over[0] // 6 - 1]["distance"]) == pytest.approx(2**0.5)


def test_statistics_have_the_film_its_shots_and_its_segments(
    segmentation: Segmentation, content: FilmContent, project: Project, tmp_path: Path
) -> None:
    path = tmp_path / "st.npy"
    write_table(statistics_table(segmentation, content, project), path, overwrite=False)
    values = np.load(path)
    about = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
    names = about["row_labels"]["row"]
    assert names == [
        "film mean",
        "film SD",
        *(f"shot {n}" for n in (1, 2, 3)),
        *(f"segment {n}" for n in (1, 2, 3)),
    ]
    assert values[0] == pytest.approx(content.embeddings.mean(0))
    assert values[1] == pytest.approx(content.embeddings.std(0))
    assert values[names.index("shot 2")] == pytest.approx([0, 1, 0, 0])
    assert about["row_labels"]["sample_count"][:3] == [50, 50, 17]
    assert about["film_statistics"]["sample_count"] == 50


def test_a_shot_without_a_sample_is_an_empty_field(
    segmentation: Segmentation, content: FilmContent, make_project: Callable[..., Project], tmp_path: Path
) -> None:
    project = make_project([Seam(0, 1), Seam(2, 3)], frames=300)
    write_table(statistics_table(segmentation, content, project), tmp_path / "st.csv", overwrite=False)
    rows = rows_of((tmp_path / "st.csv").read_text(encoding="utf-8"))
    assert rows[3]["row"] == "shot 2"
    assert [rows[3][f"mean_{place}"] for place in range(4)] == [""] * 4
    assert rows[3]["sample_count"] == "0"


def test_parquet_holds_vectors_as_lists(
    segmentation: Segmentation, content: FilmContent, project: Project, tmp_path: Path
) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    write_table(embeddings_table(content, project, "encoder 1"), tmp_path / "e.parquet", overwrite=False)
    table = parquet.read_table(tmp_path / "e.parquet")
    assert np.array_equal(np.array(table["embedding"].to_pylist(), np.float32), content.embeddings)
    assert table["frame"].to_pylist() == SAMPLING.frames.tolist()
    assert json.loads(table.schema.metadata[b"seamline"])["encoder"] == "encoder 1"
    write_table(segments_table(segmentation, project), tmp_path / "s.parquet", overwrite=False)
    segments = parquet.read_table(tmp_path / "s.parquet")
    assert segments["start_frame"].to_pylist() == [0, 100, 220]
    assert segments["duration_s"].to_pylist() == pytest.approx([4.0, 4.8, 3.2])


def test_without_pyarrow_parquet_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(ExchangeError, match=r"pip install seamline\[parquet\]"):
        written_paths(tmp_path / "e.parquet")


def test_a_name_without_a_format_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ExchangeError, match=r"end in \.npy, \.csv, \.parquet"):
        written_paths(tmp_path / "e.txt")


@pytest.mark.parametrize("existing", ["e.npy", "e.json"])
def test_neither_of_two_files_is_written_over(
    content: FilmContent, project: Project, tmp_path: Path, existing: str
) -> None:
    (tmp_path / existing).write_bytes(b"mine")
    table = embeddings_table(content, project, "encoder 1")
    with pytest.raises(TargetExistsError):
        write_table(table, tmp_path / "e.npy", overwrite=False)
    assert [path.name for path in tmp_path.iterdir()] == [existing]
    write_table(table, tmp_path / "e.npy", overwrite=True)
    assert np.load(tmp_path / "e.npy").shape == (50, 4)


def test_where_writing_fails_the_target_stays_as_it_was(
    content: FilmContent, project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "e.npy").write_bytes(b"mine")

    def fail(path: Path, *_: object, **__: object) -> None:
        Path(path).write_bytes(b"half")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(np, "save", fail)
    with pytest.raises(ExchangeError, match="the disk is full"):
        write_table(embeddings_table(content, project, ""), tmp_path / "e.npy", overwrite=True)
    assert [path.name for path in tmp_path.iterdir()] == ["e.npy"]
    assert (tmp_path / "e.npy").read_bytes() == b"mine"


def test_an_empty_film_gives_headers_alone(make_project: Callable[..., Project], tmp_path: Path) -> None:
    empty = FilmContent(Sampling(0, 6, Fraction(25)), np.empty((0, 4), np.float32), np.empty(0, np.float32))
    found = segment_film(empty)
    project = make_project(frames=300)
    assert write_segments_csv(found, project) == ",".join(COLUMNS) + "\n"
    tables: list[Table] = [embeddings_table(empty, project, ""), scores_table(found, empty, project)]
    for number, table in enumerate(tables):
        write_table(table, tmp_path / f"{number}.csv", overwrite=False)
        assert (tmp_path / f"{number}.csv").read_text(encoding="utf-8").count("\n") == 1
