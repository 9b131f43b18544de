"""The table with tabs."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable

from seamline.exchange.csv_list import write_csv, write_tsv
from seamline.project.types import Project


def test_it_is_the_csv_with_tabs(reference: Project) -> None:
    table = list(csv.reader(io.StringIO(write_tsv(reference), newline=""), delimiter="\t"))
    assert table == list(csv.reader(io.StringIO(write_csv(reference), newline="")))
    assert len(table) == len(reference.seams) + 1


def test_the_exact_text(make_project: Callable[..., Project], cut: Callable[..., object]) -> None:
    assert write_tsv(make_project([cut(10, 0.5)], start=None)) == (
        "out_frame\tin_frame\tkind\tconfidence\tout_timecode\tin_timecode\tout_time_s\tin_time_s\torigin\t"
        "name\tcomment\tcolour\n"
        "9\t10\tcut\t0.5000\t00:00:00:09\t00:00:00:10\t0.360000\t0.400000\tanalysis\t\t\t\n"
    )
