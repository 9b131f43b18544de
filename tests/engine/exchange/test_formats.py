"""The list of formats that the window and the command line offer."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from seamline.errors import ExchangeError
from seamline.exchange.destinations import DESTINATIONS, formats_for, in_folder
from seamline.exchange.formats import (
    ANALYSIS_FORMATS,
    EXPORT_FORMATS,
    ExportFormat,
    export,
    format_named,
    text_of,
)
from seamline.project.types import Project, Seam, SeamKind

TEXT_FORMATS = [f for f in EXPORT_FORMATS if f.write is not None]
DATED = ("elan",)  # their text tells when it was written


def test_each_format_is_named_once() -> None:
    ids, names = [f.id for f in EXPORT_FORMATS], [f.name for f in EXPORT_FORMATS]
    assert len({*ids, *names, *(d.id for d in DESTINATIONS)}) == len(ids) + len(names) + len(DESTINATIONS)
    assert [(f.id, f.suffix, f.dialog_filter) for f in ANALYSIS_FORMATS] == [
        ("edl", ".edl", "CMX3600 EDL (*.edl)"),
        ("otio", ".otio", "OpenTimelineIO (*.otio)"),
        ("csv", ".csv", "CSV table (*.csv)"),
        ("json", ".json", "JSON report (*.json)"),
    ]
    for export_format in EXPORT_FORMATS:
        assert formats_for(export_format.id) == (export_format,)
        assert export_format.help_text.endswith(".")


def test_a_name_that_is_neither_destination_nor_format_is_refused() -> None:
    with pytest.raises(ExchangeError, match=r"betamax.*premiere.*fcpxml"):
        formats_for("betamax")


def test_files_of_one_folder_have_names_of_their_own(
    make_project: Callable[..., Project], tmp_path: Path
) -> None:
    targets = in_folder(make_project(folder=tmp_path), EXPORT_FORMATS, tmp_path)
    assert len({path for _, path in targets}) == len(EXPORT_FORMATS)
    assert all(path.parent == tmp_path for _, path in targets)


@pytest.mark.parametrize(
    "export_format",
    [f for f in TEXT_FORMATS if f.id not in DATED],
    ids=lambda export_format: export_format.id,
)
def test_the_file_holds_what_the_writer_gives(
    make_project: Callable[..., Project],
    cut: Callable[..., Seam],
    tmp_path: Path,
    export_format: ExportFormat,
) -> None:
    project = make_project([cut(50)], folder=tmp_path)
    path = export_format.proposed_path(project)
    assert path == tmp_path / f"Reel One (final){export_format.suffix}"
    run = {"device": "CPU"}
    export(project, export_format, path, overwrite=False, run=run)
    assert export_format.write is not None
    assert path.read_bytes().decode() == export_format.write(project, run)
    assert ('"device": "CPU"' in path.read_text(encoding="utf-8")) == (export_format.id == "json")


@pytest.mark.parametrize(
    ("name", "mark"),
    [
        ("edl", " D    "),
        ("edl-editorial", " D    "),
        ("xmeml", "<transitionitem>"),
        ("fcpxml", "<transition "),
    ],
)
def test_gradual_seams_are_transitions_on_request(
    make_project: Callable[..., Project], name: str, mark: str
) -> None:
    project = make_project([Seam(40, 53, SeamKind.DISSOLVE)])
    export_format = format_named(name)
    assert mark not in text_of(export_format, project)
    assert mark in text_of(export_format, project, transitions=True)


def test_a_format_without_transitions_is_the_same_on_request(make_project: Callable[..., Project]) -> None:
    project = make_project([Seam(40, 53, SeamKind.DISSOLVE)])
    assert text_of(format_named("csv"), project, transitions=True) == text_of(format_named("csv"), project)
    with pytest.raises(ExchangeError, match="is no text"):
        text_of(format_named("stills"), project)


def test_nothing_is_written_where_the_format_cannot_hold_the_film(
    make_project: Callable[..., Project], tmp_path: Path
) -> None:
    with pytest.raises(ExchangeError, match="past midnight"):
        export(make_project(start="23:59:59:00"), EXPORT_FORMATS[0], tmp_path / "list.edl", overwrite=False)
    assert list(tmp_path.iterdir()) == []


def test_an_export_never_replaces_its_own_film(make_project: Callable[..., Project], tmp_path: Path) -> None:
    project = make_project(folder=tmp_path)
    project.film.path.write_text("film")
    with pytest.raises(ExchangeError, match="is the film itself"):
        export(project, EXPORT_FORMATS[0], project.film.path, overwrite=True)
    assert project.film.path.read_text() == "film"
