"""A segmentation's numbers for other programs: NumPy arrays that say what their rows are, CSV, Parquet."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from seamline.analysis.film_statistics import shot_embeddings
from seamline.analysis.segmentation import FilmContent, Segmentation
from seamline.errors import ExchangeError
from seamline.exchange.files import check_target, write_text_atomically, written_whole
from seamline.exchange.segments_csv import COLUMNS, segment_rows
from seamline.project.types import Project

SUFFIXES = (".npy", ".csv", ".parquet")

_SCHEMA_VERSION = 1


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """Rows of labels and of numbers.

    `labels`: columns of n plain values by name. `values`: float32 or float64[n, m]; `value_names` are its m
    columns, or one name alone for a vector in each row. `facts`: what else a reader must know, in JSON's types.
    """

    labels: Mapping[str, Sequence[object]]
    values: NDArray[np.floating[Any]]
    value_names: tuple[str, ...]
    facts: Mapping[str, object]

    @property
    def holds_vectors(self) -> bool:
        return len(self.value_names) == 1 and self.values.shape[1] != 1


def embeddings_table(content: FilmContent, project: Project, encoder_key: str) -> Table:
    """A row for each frame that was embedded: its number, time and timecode, and the vector."""
    frames = content.sampling.frames.tolist()
    return Table(
        _places(frames, project),
        content.embeddings,
        ("embedding",),
        {
            **_film_facts(project),
            "rows": f"frames 0, {content.sampling.every_frames}, {2 * content.sampling.every_frames}, ...",
            "every_frames": content.sampling.every_frames,
            "normalised": True,
            "encoder": encoder_key,
        },
    )


def scores_table(segmentation: Segmentation, content: FilmContent, project: Project) -> Table:
    """A row for each embedded frame but the first: how far it lies from the one before, and the threshold."""
    frames = segmentation.gap_frames.tolist()
    columns = (content.distances, segmentation.scores, segmentation.thresholds)
    return Table(
        _places(frames, project),
        np.stack(columns, 1).astype(np.float32),
        ("distance", "score", "threshold"),
        {
            **_film_facts(project),
            "rows": f"each frame held against the one {segmentation.sampling.every_frames} frames before it",
            "method": str(segmentation.settings.method),
            "sensitivity": segmentation.settings.sensitivity,
            "distance": "Euclidean, of embeddings of length 1",
            "score": "the distance scaled to 0 to 1 over the film",
            "threshold": "on the score's scale",
        },
    )


def statistics_table(segmentation: Segmentation, content: FilmContent, project: Project) -> Table:
    """The film's mean and standard deviation of each dimension, and the mean of each shot and each segment."""
    sampling, film = content.sampling, segmentation.statistics
    shots = [shot for shot in project.shots if shot.end_frame <= sampling.frame_count]
    of_shots = shot_embeddings(
        content.embeddings, sampling, [(shot.start_frame, shot.end_frame) for shot in shots]
    )
    whole = (0, sampling.frame_count)
    ranges = np.vstack([[whole, whole], of_shots.ranges, segmentation.means.ranges]).tolist()
    counts = (
        [film.sample_count] * 2 + of_shots.sample_counts.tolist() + segmentation.means.sample_counts.tolist()
    )
    names = ["film mean", "film SD"]
    names += [f"shot {shot.number}" for shot in shots]
    names += [f"segment {segment.number}" for segment in segmentation.segments]
    vectors = np.vstack(
        [film.mean[np.newaxis], film.sd[np.newaxis], of_shots.means, segmentation.means.means]
    )
    return Table(
        {
            "row": names,
            "start_frame": [start for start, _ in ranges],
            "end_frame": [end for _, end in ranges],
            "sample_count": counts,
        },
        vectors,
        ("mean",),
        {
            **_film_facts(project),
            "rows": "the film's mean and standard deviation, then the mean of each shot and of each segment",
            "film_statistics": film.as_dict(),
        },
    )


def segments_table(segmentation: Segmentation, project: Project) -> Table:
    """A row for each segment, as in the CSV table of segments."""
    rows = segment_rows(segmentation, project)
    numbers = ("duration_s", "strength")
    return Table(
        {name: [getattr(row, name) for row in rows] for name in COLUMNS if name not in numbers},
        np.array([[row.duration_s, row.strength] for row in rows], np.float64).reshape(-1, len(numbers)),
        numbers,
        {**_film_facts(project), "rows": "segments of frames [start_frame, end_frame)"},
    )


def written_paths(path: Path) -> list[Path]:
    """All files that `write_table` writes for `path`. Raises ExchangeError for a suffix it does not know, or
    where Parquet needs a package that is missing."""
    suffix = path.suffix.lower()
    if suffix not in SUFFIXES:
        raise ExchangeError(f"“{path}” says no format: let its name end in {', '.join(SUFFIXES)}.")
    if suffix == ".parquet":
        _parquet()
    return [path, path.with_suffix(".json")] if suffix == ".npy" else [path]


def write_table(table: Table, path: Path, *, overwrite: bool, sources: Iterable[Path] = ()) -> None:
    """The table at `path` in the format of its suffix: .npy (the values, with a .json of the same name beside
    it that says what the rows are), .csv or .parquet. Raises ExchangeError.
    """
    sources = tuple(sources)
    for each in written_paths(path):
        check_target(each, overwrite, sources=sources)
    suffix = path.suffix.lower()
    if suffix == ".csv":
        write_text_atomically(path, _csv(table), overwrite=overwrite, sources=sources)
    elif suffix == ".parquet":
        _write_parquet(table, path, overwrite=overwrite, sources=sources)
    else:
        with written_whole(path, overwrite=overwrite, sources=sources) as part:
            np.save(part, np.ascontiguousarray(table.values), allow_pickle=False)
        write_text_atomically(path.with_suffix(".json"), _about(table), overwrite=overwrite, sources=sources)


def _about(table: Table) -> str:
    columns: object = {"vector": table.value_names[0]} if table.holds_vectors else list(table.value_names)
    about = {
        "schema": "seamline-array",
        "schema_version": _SCHEMA_VERSION,
        "shape": list(table.values.shape),
        "dtype": str(table.values.dtype),
        "columns": columns,
        **table.facts,
        "row_labels": {name: list(values) for name, values in table.labels.items()},
    }
    return json.dumps(about, ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def _csv(table: Table) -> str:
    names = table.value_names
    if table.holds_vectors:
        names = tuple(f"{names[0]}_{place}" for place in range(table.values.shape[1]))
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([*table.labels, *names])
    labels = zip(*table.labels.values(), strict=True)
    for row_labels, row in zip(labels, table.values, strict=True):
        # a number that is not there is an empty field, which spreadsheets understand
        writer.writerow([*row_labels, *("" if np.isnan(value) else f"{value:.8g}" for value in row)])
    return text.getvalue()


def _write_parquet(table: Table, path: Path, *, overwrite: bool, sources: tuple[Path, ...]) -> None:
    arrow, parquet = _parquet()
    columns = {name: arrow.array(list(values)) for name, values in table.labels.items()}
    if table.holds_vectors:
        flat = arrow.array(np.ascontiguousarray(table.values).ravel())
        columns[table.value_names[0]] = arrow.FixedSizeListArray.from_arrays(flat, table.values.shape[1])
    else:
        for place, name in enumerate(table.value_names):
            columns[name] = arrow.array(np.ascontiguousarray(table.values[:, place]))
    facts = {"seamline": json.dumps(dict(table.facts), ensure_ascii=False)}
    whole = arrow.table(columns).replace_schema_metadata(facts)
    with written_whole(path, overwrite=overwrite, sources=sources) as part:
        parquet.write_table(whole, str(part))


def _parquet() -> tuple[Any, Any]:
    try:
        import pyarrow  # optional, and large
        import pyarrow.parquet
    except ImportError as error:
        raise ExchangeError(
            "Parquet needs the package pyarrow: install it with “pip install seamline[parquet]”, or choose .csv."
        ) from error
    return pyarrow, pyarrow.parquet


def _places(frames: list[int], project: Project) -> dict[str, list[object]]:
    index = project.film.index
    return {
        "frame": list(frames),
        "time_s": [round(float(index.time_of(frame)), 6) for frame in frames],
        "timecode": [project.timecode(frame) for frame in frames],
    }


def _film_facts(project: Project) -> dict[str, object]:
    film = project.film
    return {
        "film": film.path.name,
        "fingerprint": film.fingerprint,
        "frame_count": film.frame_count,
        "rate": str(film.rate),
    }
