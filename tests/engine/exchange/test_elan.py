"""ELAN documents: what the EAF schema demands, and the frames that their times show."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from seamline.exchange.elan import write_elan
from seamline.project.types import Project, Seam, SeamKind

# the children that an element may have, in their order, and the attributes that it must have and may have
SCHEMA: dict[str, tuple[list[str], set[str], set[str]]] = {
    "ANNOTATION_DOCUMENT": (
        ["HEADER", "TIME_ORDER", "TIER", "LINGUISTIC_TYPE", "CONSTRAINT"],
        {"AUTHOR", "DATE", "VERSION"},
        {"FORMAT", "{http://www.w3.org/2001/XMLSchema-instance}noNamespaceSchemaLocation"},
    ),
    "HEADER": (["MEDIA_DESCRIPTOR", "PROPERTY"], set(), {"MEDIA_FILE", "TIME_UNITS"}),
    "MEDIA_DESCRIPTOR": ([], {"MEDIA_URL", "MIME_TYPE"}, {"RELATIVE_MEDIA_URL"}),
    "PROPERTY": ([], set(), {"NAME"}),
    "TIME_ORDER": (["TIME_SLOT"], set(), set()),
    "TIME_SLOT": ([], {"TIME_SLOT_ID"}, {"TIME_VALUE"}),
    "TIER": (["ANNOTATION"], {"TIER_ID", "LINGUISTIC_TYPE_REF"}, set()),
    "ANNOTATION": (["ALIGNABLE_ANNOTATION"], set(), set()),
    "ALIGNABLE_ANNOTATION": (
        ["ANNOTATION_VALUE"],
        {"ANNOTATION_ID", "TIME_SLOT_REF1", "TIME_SLOT_REF2"},
        set(),
    ),
    "ANNOTATION_VALUE": ([], set(), set()),
    "LINGUISTIC_TYPE": ([], {"LINGUISTIC_TYPE_ID"}, {"TIME_ALIGNABLE", "GRAPHIC_REFERENCES"}),
    "CONSTRAINT": ([], {"STEREOTYPE"}, {"DESCRIPTION"}),
}


def check_schema(element: ElementTree.Element) -> None:
    children, required, optional = SCHEMA[element.tag]
    assert required <= set(element.attrib) <= required | optional
    places = [children.index(child.tag) for child in element]
    assert places == sorted(places)
    for child in element:
        check_schema(child)


def tiers_of(root: ElementTree.Element) -> dict[str, list[tuple[int, int, str]]]:
    """(start in ms, end in ms, text) of each annotation."""
    slots = {slot.attrib["TIME_SLOT_ID"]: int(slot.attrib["TIME_VALUE"]) for slot in root.iter("TIME_SLOT")}
    return {
        tier.attrib["TIER_ID"]: [
            (
                slots[annotation.attrib["TIME_SLOT_REF1"]],
                slots[annotation.attrib["TIME_SLOT_REF2"]],
                annotation.findtext("ANNOTATION_VALUE", ""),
            )
            for annotation in tier.iter("ALIGNABLE_ANNOTATION")
        ]
        for tier in root.iter("TIER")
    }


def test_it_is_built_as_the_schema_demands(reference: Project) -> None:
    root = ElementTree.fromstring(write_elan(reference))
    check_schema(root)
    slots = [(s.attrib["TIME_SLOT_ID"], int(s.attrib["TIME_VALUE"])) for s in root.iter("TIME_SLOT")]
    assert [ms for _, ms in slots] == sorted(ms for _, ms in slots)
    annotations = list(root.iter("ALIGNABLE_ANNOTATION"))
    ids = [name for name, _ in slots] + [a.attrib["ANNOTATION_ID"] for a in annotations]
    assert len(ids) == len(set(ids)), "ids are unique in the document"
    assert all(re.fullmatch(r"[A-Za-z_][\w.-]*", name) for name in ids)
    refs = [a.attrib[name] for a in annotations for name in ("TIME_SLOT_REF1", "TIME_SLOT_REF2")]
    assert sorted(refs) == sorted(name for name, _ in slots), "each time belongs to one annotation"
    types = {t.attrib["LINGUISTIC_TYPE_ID"] for t in root.iter("LINGUISTIC_TYPE")}
    assert {tier.attrib["LINGUISTIC_TYPE_REF"] for tier in root.iter("TIER")} <= types
    assert (root.attrib["FORMAT"], root.find("HEADER").attrib["TIME_UNITS"]) == ("3.0", "milliseconds")  # type: ignore[union-attr]
    datetime.fromisoformat(root.attrib["DATE"])


def test_each_shot_shows_its_frames(reference: Project) -> None:
    index = reference.film.index
    shots = tiers_of(ElementTree.fromstring(write_elan(reference)))["Shots"]
    for (start_ms, end_ms, text), shot in zip(shots, reference.shots, strict=True):
        assert text == f"Shot {shot.number}"
        assert index.frame_at(Fraction(start_ms, 1000)) == shot.start_frame
        # the last millisecond still shows the shot's last frame, the film's end apart
        assert index.frame_at(Fraction(end_ms - 1, 1000)) == shot.end_frame - 1


def test_a_seams_annotation_spans_its_frames(
    make_project: Callable[..., Project], cut: Callable[..., Any]
) -> None:
    project = make_project([cut(25, 0.5), Seam(49, 60, SeamKind.DISSOLVE, 0.75)])
    assert tiers_of(ElementTree.fromstring(write_elan(project)))["Seams"] == [
        (1000, 1040, "cut 0.50"),
        (2000, 2400, "dissolve 0.75"),
    ]


def test_times_of_a_variable_rate_are_the_films_own(
    make_project: Callable[..., Project], cut: Callable[..., Any]
) -> None:
    project = make_project([cut(3)], times_ms=[0, 40, 80, 84, 500, 540])
    assert tiers_of(ElementTree.fromstring(write_elan(project)))["Shots"] == [
        (0, 84, "Shot 1"),
        (84, 540, "Shot 2"),
    ]


@pytest.mark.parametrize(
    "name", ['Für Elise & <der> "Film" #1?.mov', "東京 🎬.mp4", "broken \udcff \x01.mkv"]
)
def test_the_film_is_found_whatever_its_name(make_project: Callable[..., Project], name: str) -> None:
    project = make_project(name=name)
    media = ElementTree.fromstring(write_elan(project).encode()).find("HEADER/MEDIA_DESCRIPTOR")
    assert media is not None
    readable = name.replace("\udcff", "\ufffd").replace("\x01", "\ufffd")
    folder = project.film.path.absolute().parent.as_posix().lstrip("/")
    # as ELAN writes them: plain, not as the address of a web page
    assert media.attrib["MEDIA_URL"] == f"file:///{folder}/{readable}"
    assert media.attrib["RELATIVE_MEDIA_URL"] == f"./{readable}"
    types = {".mov": "video/quicktime", ".mp4": "video/mp4", ".mkv": "video/*"}
    assert media.attrib["MIME_TYPE"] == types[Path(name).suffix]


def test_the_same_film_at_the_same_time_gives_the_same_text(reference: Project) -> None:
    at = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
    assert write_elan(reference, written_at=at) == write_elan(reference, written_at=at)
    assert 'DATE="2026-01-02T03:04:05+00:00"' in write_elan(reference, written_at=at)
