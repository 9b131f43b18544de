"""What a bench says in the end: a table of text or Markdown, or everything for programs."""

from __future__ import annotations

import os
import platform
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from itertools import groupby

import psutil

import seamline
from seamline.evaluation.bench_films import BenchFilm
from seamline.evaluation.bench_rounds import Series, of_decode
from seamline.evaluation.metrics import DEFAULT_TOLERANCE_FRAMES, Evaluation, together

BUSY_01 = 0.1
"""The share of the machine that other programs may have before the times are doubted."""

_HEAD = (
    "contender", "x real time", "x decode", "wall s", "net of start s", "processor s", "peak MiB",
    "precision", "recall", "F1", "F1 exact",
)  # fmt: skip
Row = tuple[str, ...]


def text_tables(series: Sequence[Series], *, markdown: bool = False) -> str:
    """A table for each film, and one of all of them where there are several; ends without a line end."""
    parts = []
    for film, rows in _by_film(series):
        parts.append(_with_head(film.sentence, [_row(each, series) for each in rows], markdown))
    if len(parts) > 1:
        parts.append(_with_head("All films", _rows_of_all(series), markdown))
    return "\n\n".join([*parts, *_warnings(series)])


def machine() -> dict[str, object]:
    """Where the bench ran."""
    return {
        "system": platform.platform(),
        "processor": platform.processor() or platform.machine(),
        "processors": psutil.cpu_count(),
        "usable_processors": len(os.sched_getaffinity(0))
        if hasattr(os, "sched_getaffinity")
        else psutil.cpu_count(),
        "memory_mib": round(psutil.virtual_memory().total / 2**20),
        "python": platform.python_version(),
    }


def bench_facts(series: Sequence[Series], rival_versions: Mapping[str, str]) -> dict[str, object]:
    """Every run of every contender and what came out, as types that JSON knows."""
    return {
        "schema": "seamline-bench",
        "schema_version": 1,
        "seamline": seamline.__version__,
        "rivals": dict(rival_versions),
        "machine": machine(),
        "films": [
            {
                "name": film.name,
                "frames": film.frames,
                "duration_s": film.duration_s,
                "width": film.size[0],
                "height": film.size[1],
                "codec": film.codec,
                "mbit_per_s": round(film.mbit_per_s, 3),
                "contenders": [_series_facts(each, series) for each in rows],
            }
            for film, rows in _by_film(series)
        ],
    }


def _by_film(series: Sequence[Series]) -> list[tuple[BenchFilm, list[Series]]]:
    return [(rows[0].film, rows) for _, group in groupby(series, lambda s: id(s.film)) for rows in [[*group]]]


def _row(each: Series, series: Sequence[Series]) -> Row:
    if each.failure is not None or not each.trials:
        return (each.contender.title, f"failed: {each.failure}")
    evaluation, exact = each.evaluation(DEFAULT_TOLERANCE_FRAMES), each.evaluation(0)
    times = each.wall_s, each.analysis_s, each.cpu_s
    return _cells(
        each.contender.title,
        each.film.duration_s,
        of_decode(each, series),
        times,
        each.peak_mib,
        evaluation,
        exact,
    )


def _rows_of_all(series: Sequence[Series]) -> list[Row]:
    """Times of the films added up, the largest memory, all transitions as of one film."""
    names = list(dict.fromkeys(each.contender.name for each in series))
    groups = {name: [each for each in series if each.contender.name == name] for name in names}
    rows: list[Row] = []
    for group in groups.values():
        title = group[0].contender.title
        failed = sum(each.failure is not None or not each.trials for each in group)
        if failed:
            rows.append((title, f"failed on {failed} of {len(group)} films"))
            continue
        wall_s = sum(each.wall_s for each in group)
        nets = [each.analysis_s for each in group]
        net_s = None if None in nets else sum(net for net in nets if net is not None)
        ratios = [of_decode(each, series) for each in group]
        decode_s = [
            each.wall_s / ratio for each, ratio in zip(group, ratios, strict=True) if ratio is not None
        ]
        ratio = wall_s / sum(decode_s) if len(decode_s) == len(group) else None
        evaluations = [found for each in group if (found := each.evaluation(DEFAULT_TOLERANCE_FRAMES))]
        exact = [found for each in group if (found := each.evaluation(0))]
        rows.append(
            _cells(
                title,
                sum(each.film.duration_s for each in group),
                ratio,
                (wall_s, net_s, sum(each.cpu_s for each in group)),
                max(each.peak_mib for each in group),
                together(evaluations) if evaluations else None,
                together(exact) if exact else None,
            )
        )
    return rows


def _cells(
    title: str,
    duration_s: float,
    of_decode_x: float | None,
    times_s: tuple[float, float | None, float],
    peak_mib: float,
    evaluation: Evaluation | None,
    exact: Evaluation | None,
) -> Row:
    wall_s, net_s, cpu_s = times_s
    figures = ("", "", "", "")
    if evaluation is not None and exact is not None:
        figures = (
            f"{evaluation.precision:.3f}", f"{evaluation.recall:.3f}", f"{evaluation.f1:.3f}", f"{exact.f1:.3f}",
        )  # fmt: skip
    return (
        title,
        f"{duration_s / wall_s:.2f}",
        "" if of_decode_x is None else f"{of_decode_x:.2f}",
        f"{wall_s:.1f}",
        "" if net_s is None else f"{net_s:.1f}",
        f"{cpu_s:.1f}",
        f"{peak_mib:.0f}",
        *figures,
    )


def _with_head(title: str, rows: Sequence[Row], markdown: bool) -> str:
    lines = _markdown(rows) if markdown else _plain(rows)
    return "\n".join([title, *([""] if markdown else []), *lines])


def _plain(rows: Sequence[Row]) -> list[str]:
    full = [_HEAD, *(row for row in rows if len(row) == len(_HEAD))]
    widths = [max(len(row[at]) for row in full) for at in range(len(_HEAD))]
    widths[0] = max(len(row[0]) for row in (_HEAD, *rows))
    return [
        "  ".join(
            [row[0].ljust(widths[0])]
            + (
                [cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True)]
                if len(row) == len(_HEAD)
                else list(row[1:])
            )
        ).rstrip()
        for row in (_HEAD, *rows)
    ]


def _markdown(rows: Sequence[Row]) -> list[str]:
    def line(cells: Sequence[str]) -> str:
        padded = [*(cell.replace("|", "/") for cell in cells), *[""] * (len(_HEAD) - len(cells))]
        return "| " + " | ".join(padded) + " |"

    return [line(_HEAD), "|---" + "|---:" * (len(_HEAD) - 1) + "|", *(line(row) for row in rows)]


def _warnings(series: Sequence[Series]) -> list[str]:
    busiest = max((each.others_busy_01 for each in series), default=0.0)
    if busiest <= BUSY_01:
        return []
    return [
        f"Other programs took up to {busiest:.0%} of the processors during a run: these times are not to be "
        "relied on. Run the bench on a machine that does nothing else."
    ]


def _series_facts(each: Series, series: Sequence[Series]) -> dict[str, object]:
    facts: dict[str, object] = {
        "name": each.contender.name,
        "title": each.contender.title,
        "failure": each.failure,
        "runs": [
            asdict(trial.cost) | {"round": trial.round_number + 1, "analysis_s": trial.outcome.analysis_s}
            for trial in each.trials
        ],
    }
    if each.trials:
        facts["median"] = {
            "wall_s": each.wall_s,
            "analysis_s": each.analysis_s,
            "cpu_s": each.cpu_s,
            "peak_mib": each.peak_mib,
            "times_real_time": each.times_real_time,
            "times_decode": of_decode(each, series),
        }
        seams = each.trials[0].outcome.seams
        facts["seams"] = None if seams is None else [[s.out_frame, s.in_frame, s.kind] for s in seams]
    for name, tolerance in (("tolerance_2", DEFAULT_TOLERANCE_FRAMES), ("frame_exact", 0)):
        found = each.evaluation(tolerance)
        if found is not None:
            facts[name] = {"precision": found.precision, "recall": found.recall, "f1": found.f1}
    return facts
