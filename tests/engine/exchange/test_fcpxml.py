"""FCPXML as it is written: every time an exact fraction, every element where Apple's DTD wants it.

The times are read back from the XML here with `Fraction` alone. With `SEAMLINE_FCPXML_DTD` naming Apple's
FCPXMLv1.9.dtd, `xmllint` validates against it too.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import xml.etree.ElementTree as ET
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest

from seamline.errors import ExchangeError
from seamline.exchange.fcpxml import write_fcpxml
from seamline.project.labels import Label, Movement, ShotLabels, ShotScale
from seamline.project.types import Project, Seam, SeamKind, ShotColour, ShotNote

EXPECTED = Path(__file__).parent / "expected"

# parent -> its children in the order and number that the DTD demands: “?” at most one, “+” one or more, “*” any
CHILDREN = {
    "fcpxml": (("resources", "?"), ("library", "?")),
    "resources": (("format", "*"), ("asset", "*"), ("effect", "*")),
    "format": (),
    "asset": (("media-rep", "+"),),
    "media-rep": (),
    "effect": (),
    "library": (("event", "*"),),
    "event": (("project", "*"),),
    "project": (("sequence", "1"),),
    "sequence": (("spine", "1"),),
    "spine": None,  # clips and transitions as they come
    "asset-clip": (("note", "?"), ("keyword", "*"), ("marker", "*")),
    "note": (),
    "keyword": (),
    "marker": (),
    "transition": (("filter-video", "?"),),
    "filter-video": (),
}
# element -> the attributes that it must have, and those that it may
ATTRIBUTES = {
    "fcpxml": ("version", ""),
    "resources": ("", ""),
    "format": ("id", "name frameDuration width height paspH paspV"),
    "asset": (
        "id",
        "name start duration hasVideo format hasAudio videoSources audioSources audioChannels audioRate",
    ),
    "media-rep": ("src", "kind"),
    "effect": ("id uid", "name"),
    "library": ("", "location"),
    "event": ("", "name"),
    "project": ("", "name"),
    "sequence": ("format", "duration tcStart tcFormat audioLayout audioRate"),
    "spine": ("", ""),
    "asset-clip": ("ref", "name offset start duration format tcFormat audioRole"),
    "note": ("", ""),
    "keyword": ("value", "start duration note"),
    "marker": ("start value", "duration note"),
    "transition": ("duration", "name offset"),
    "filter-video": ("ref", "name"),
}
ENUMERATIONS = {
    ("sequence", "tcFormat"): {"DF", "NDF"},
    ("asset-clip", "tcFormat"): {"DF", "NDF"},
    ("media-rep", "kind"): {"original-media", "proxy-media"},
    ("sequence", "audioLayout"): {"stereo", "surround"},  # the DTD knows mono too, Final Cut Pro does not
    ("sequence", "audioRate"): {"32k", "44.1k", "48k", "88.2k", "96k", "176.4k", "192k"},
}


def seconds(element: ET.Element, attribute: str) -> Fraction:
    written = element.attrib[attribute]
    assert written.endswith("s")
    time = Fraction(written[:-1])
    assert written == f"{time.numerator}s" or written == f"{time.numerator}/{time.denominator}s", "reduced"
    assert time.numerator < 2**63
    assert time.denominator < 2**32
    return time


def parsed(project: Project, **options: bool) -> ET.Element:
    text = write_fcpxml(project, **options)
    assert text.startswith(
        '<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE fcpxml>\n<fcpxml version="1.9">'
    )
    return ET.fromstring(text)


def only(root: ET.Element, tag: str) -> ET.Element:
    (element,) = root.iter(tag)
    return element


def frames_of(root: ET.Element, rate: Fraction) -> list[tuple[int, int, int]]:
    """Record place, source place and length of every clip, in frames."""
    spans = []
    for clip in root.iter("asset-clip"):
        times = [seconds(clip, name) * rate for name in ("offset", "start", "duration")]
        assert all(time.denominator == 1 for time in times), "a cut between two frames"
        spans.append((int(times[0]), int(times[1]), int(times[2])))
    return spans


def silent(project: Project) -> Project:
    return replace(project, film=replace(project.film, info=replace(project.film.info, audio=None)))


def labelled(project: Project) -> Project:
    """Every shot by the analysis, every third one unsure."""
    return project.with_labels(
        ShotLabels(
            shot.start_frame,
            shot.end_frame,
            Label(None if shot.number % 3 == 0 else ShotScale.MS, 0.5),
            Label(Movement.PAN_LEFT, 0.5),
        )
        for shot in project.shots
    )


def assert_as_the_dtd_demands(root: ET.Element) -> None:
    ids = [element.attrib["id"] for element in root.iter() if "id" in element.attrib]
    assert len(ids) == len(set(ids))
    for element in root.iter():
        tags = [child.tag for child in element]
        rules = CHILDREN[element.tag]
        if rules is None:
            assert set(tags) <= {"asset-clip", "transition"}
        else:
            order = [tag for tag, _ in rules]
            assert set(tags) <= set(order)
            assert tags == sorted(tags, key=order.index)
            for tag, number in rules:
                assert {"?": 0, "1": 1, "+": 1, "*": 0}[number] <= tags.count(tag)
                assert number in "+*" or tags.count(tag) <= 1
        required, allowed = (set(names.split()) for names in ATTRIBUTES[element.tag])
        assert required <= set(element.attrib) <= required | allowed, element.tag
        for name in ("ref", "format"):
            assert element.get(name) is None or element.attrib[name] in ids
        for name, value in element.attrib.items():
            assert value in ENUMERATIONS.get((element.tag, name), {value})


@pytest.mark.parametrize("with_sound", [True, False])
@pytest.mark.parametrize("dissolves", [True, False])
def test_elements_and_attributes_are_those_of_the_dtd(
    reference: Project, with_sound: bool, dissolves: bool
) -> None:
    project = replace(labelled(reference), notes=(ShotNote(0, "Opening", "dark\nand long", ShotColour.RED),))
    root = parsed(project, dissolves=dissolves)
    assert [child.tag for child in next(root.iter("asset-clip"))] == ["note", "keyword", "marker"]
    assert_as_the_dtd_demands(parsed(project if with_sound else silent(project), dissolves=dissolves))


@pytest.mark.parametrize(
    ("spoil", "where"),
    [
        (lambda root: only(root, "resources").insert(0, ET.Element("effect", id="x", uid="y")), "order"),
        (lambda root: only(root, "asset").clear(), "required"),
        (lambda root: only(root, "sequence").set("audioLayout", "mono"), "enumeration"),
        (lambda root: only(root, "media-rep").set("ref", "r1"), "attribute"),
        (lambda root: only(root, "asset-clip").insert(0, only(root, "marker")), "marker before keyword"),
        (lambda root: only(root, "asset-clip").append(only(root, "note")), "note behind marker"),
        (lambda root: only(root, "keyword").attrib.pop("value"), "keyword of nothing"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_that_check_can_fail(
    make_project: Callable[..., Project], spoil: Callable[[ET.Element], None], where: str
) -> None:
    project = replace(labelled(make_project()), notes=(ShotNote(0, "Opening"),))
    root = parsed(project)
    assert_as_the_dtd_demands(root)
    spoil(root)
    with pytest.raises(AssertionError):
        assert_as_the_dtd_demands(root)


@pytest.mark.skipif(
    "SEAMLINE_FCPXML_DTD" not in os.environ or shutil.which("xmllint") is None,
    reason="needs xmllint, and Apple's FCPXMLv1.9.dtd named by SEAMLINE_FCPXML_DTD",
)
@pytest.mark.parametrize(
    "name", ["Reel One.mov", "Für <Elise> & 'sie' \"東京\" 🎬.mov", "line\nbreak\x01\udcff.mov"]
)
def test_apples_dtd_accepts_it(reference: Project, name: str, tmp_path: Path) -> None:
    info = replace(reference.film.info, path=Path("/films") / name)
    notes = (ShotNote(0, name, name, ShotColour.RED), ShotNote(reference.film.frame_count - 1, comment=name))
    named = replace(labelled(reference), film=replace(reference.film, info=info), notes=notes)
    files: list[Path] = []
    for project in (named, silent(named)):
        for dissolves in (True, False):
            files.append(tmp_path / f"{len(files)}.fcpxml")
            files[-1].write_bytes(write_fcpxml(project, dissolves=dissolves).encode())
    command = ["xmllint", "--noout", "--nonet", "--dtdvalid", os.environ["SEAMLINE_FCPXML_DTD"]]
    result = subprocess.run([*command, *files], capture_output=True, text=True, check=False, timeout=60)
    assert result.returncode == 0, result.stderr


def test_the_text_is_the_expected_file(rate: Any, reference: Project) -> None:
    # an absolute path has a drive letter on some systems
    text = write_fcpxml(reference).replace(reference.film.path.absolute().parent.as_uri(), "file:///films")
    assert text == (EXPECTED / f"{rate.name}.fcpxml").read_bytes().decode()


def test_every_cut_is_exact(rate: Any, reference: Project) -> None:
    first = reference.first_timecode_frame
    spans = frames_of(parsed(reference), rate.rate)
    assert spans == [(first + s.start_frame, first + s.start_frame, s.length) for s in reference.shots]


@pytest.mark.parametrize("nominal", [48, 100, 120])
@pytest.mark.parametrize("divisor", [1000, 1001])
def test_so_are_high_rates(
    make_project: Callable[..., Project], cut: Callable[..., Seam], nominal: int, divisor: int
) -> None:
    rate = Fraction(nominal * 1000, divisor)
    project = make_project([cut(7), cut(1001)], rate=rate, frames=3000)
    first = project.first_timecode_frame
    assert frames_of(parsed(project), rate) == [
        (first + start, first + start, length) for start, length in ((0, 7), (7, 994), (1001, 1999))
    ]


def test_clips_touch_and_stay_inside_their_media(rate: Any, reference: Project) -> None:
    root = parsed(reference)
    asset, sequence = only(root, "asset"), only(root, "sequence")
    clips = list(root.iter("asset-clip"))
    assert seconds(clips[0], "offset") == seconds(sequence, "tcStart")
    for this, following in pairwise(clips):
        assert seconds(this, "offset") + seconds(this, "duration") == seconds(following, "offset")
    end = seconds(clips[-1], "start") + seconds(clips[-1], "duration")
    assert end == seconds(asset, "start") + seconds(asset, "duration")
    assert (
        seconds(asset, "duration") == seconds(sequence, "duration") == reference.film.frame_count / rate.rate
    )


@pytest.mark.parametrize(
    ("drop", "tc_start", "tc_format"), [(False, "18018/5s", "NDF"), (True, "8999991/2500s", "DF")]
)
def test_an_hour_at_29_97_is_what_final_cut_says_it_is(
    make_project: Callable[..., Project], drop: bool, tc_start: str, tc_format: str
) -> None:
    """108000 and 107892 frames of 1001/30000 s."""
    sequence = only(parsed(make_project(rate=Fraction(30000, 1001), drop=drop)), "sequence")
    assert (sequence.get("tcStart"), sequence.get("tcFormat")) == (tc_start, tc_format)


def test_the_frame_duration_is_exact(rate: Any, reference: Project) -> None:
    assert seconds(only(parsed(reference), "format"), "frameDuration") == 1 / rate.rate


def test_sound_is_spoken_of_only_where_there_is_any(make_project: Callable[..., Project]) -> None:
    project = make_project()
    root = parsed(project)
    asset = only(root, "asset").attrib
    assert [asset[name] for name in ("hasAudio", "audioSources", "audioChannels", "audioRate")] == [
        "1", "1", "2", "48000",
    ]  # fmt: skip
    assert only(root, "sequence").get("audioRate") == "48k"
    assert only(root, "sequence").get("audioLayout") == "stereo"
    assert only(root, "asset-clip").get("audioRole") == "dialogue"
    assert "audio" not in write_fcpxml(silent(project)).casefold()


@pytest.mark.parametrize(
    ("channels", "sample_rate", "layout", "written"),
    [(1, 44100, "stereo", "44.1k"), (6, 96000, "surround", "96k"), (2, 22050, "stereo", "48k")],
)
def test_other_sound_gets_what_sequences_can_have(
    make_project: Callable[..., Project], channels: int, sample_rate: int, layout: str, written: str
) -> None:
    project = make_project()
    assert project.film.info.audio is not None
    audio = replace(project.film.info.audio, channels=channels, sample_rate=sample_rate)
    project = replace(project, film=replace(project.film, info=replace(project.film.info, audio=audio)))
    root = parsed(project)
    assert_as_the_dtd_demands(root)
    assert only(root, "sequence").get("audioLayout") == layout
    assert only(root, "sequence").get("audioRate") == written
    assert only(root, "asset").get("audioRate") == str(sample_rate)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, {"name": "FFVideoFormat1080p25", "width": "1920", "height": "1080"}),
        ({"width": 720, "height": 576}, {"width": "720", "height": "576"}),
        ({"interlaced": True}, {"width": "1920", "height": "1080"}),
        ({"rotation_deg": 90}, {"width": "1080", "height": "1920"}),
        (
            {"width": 1440, "sample_aspect": Fraction(4, 3)},
            {"width": "1440", "height": "1080", "paspH": "4", "paspV": "3"},
        ),
    ],
)
def test_the_format_has_a_name_only_where_final_cut_names_it(
    make_project: Callable[..., Project], changes: dict[str, Any], expected: dict[str, str]
) -> None:
    project = make_project()
    info = replace(project.film.info, **changes)
    project = replace(project, film=replace(project.film, info=info))
    attributes = only(parsed(project), "format").attrib
    assert {
        name: value for name, value in attributes.items() if name not in ("id", "frameDuration")
    } == expected


def test_a_seams_clip_has_a_marker_with_kind_and_confidence(make_project: Callable[..., Project]) -> None:
    root = parsed(make_project([Seam(40, 51, SeamKind.DISSOLVE, 0.87654)], start=None))
    first, second = root.iter("asset-clip")
    assert len(first) == 0
    (marker,) = second
    assert seconds(marker, "start") == seconds(second, "start") == Fraction(46, 25)
    assert seconds(marker, "duration") == Fraction(1, 25)
    assert marker.get("value") == "Dissolve 0.88"
    assert marker.get("note") == ("Shot 2: dissolve from frame 40 to 51, confidence 0.8765, by analysis")


@pytest.mark.parametrize(
    "name",
    [
        "Für Elise & <der> \"Film\" 'x' 100% #1?.mov",
        "東京 🎬.mov",
        "line\nbreak\ttab.mov",
        "back\\slash ]]>.mov",
    ],
)
def test_names_come_back_as_they_are(make_project: Callable[..., Project], name: str) -> None:
    project = make_project(name=name, folder=Path("/films/Ä & B"))
    root = parsed(project)
    asset, clip, media = only(root, "asset"), only(root, "asset-clip"), only(root, "media-rep")
    assert asset.get("name") == clip.get("name") == project.film.path.name
    assert only(root, "project").get("name") == project.film.path.stem
    url = urlsplit(media.attrib["src"])
    assert (url.scheme, url.netloc) == ("file", "")
    assert url.path.isascii()
    assert unquote(url.path).endswith(project.film.path.as_posix())


def test_what_xml_cannot_hold_is_replaced(make_project: Callable[..., Project]) -> None:
    root = parsed(make_project(name="a\x01b\udcff\ufffec.mov"))
    assert only(root, "asset").get("name") == "a\ufffdb\ufffd\ufffdc.mov"
    assert only(root, "media-rep").attrib["src"].endswith("/a%01b%FF%EF%BF%BEc.mov")


def test_gradual_seams_are_cuts_unless_dissolves_are_asked_for(reference: Project) -> None:
    assert not list(parsed(reference).iter("transition"))
    assert not list(parsed(reference).iter("effect"))


def test_dissolves_lie_over_the_frames_of_the_mixture(rate: Any, reference: Project) -> None:
    root = parsed(reference, dissolves=True)
    spine, effect = only(root, "spine"), only(root, "effect")
    first = reference.first_timecode_frame
    gradual = [seam for seam in reference.seams if seam.kind is not SeamKind.CUT]
    transitions = list(root.iter("transition"))
    for transition, seam in zip(transitions, gradual, strict=True):
        start = seconds(transition, "offset") * rate.rate
        length = seconds(transition, "duration") * rate.rate
        assert (start, length) == (first + seam.out_frame + 1, seam.in_frame - seam.out_frame - 1)
        at = list(spine).index(transition)
        cut = seconds(spine[at + 1], "offset") * rate.rate
        assert start + length // 2 == cut == first + seam.cut_frame
        assert only(transition, "filter-video").get("ref") == effect.get("id")
    # the clips are the same as without
    assert frames_of(root, rate.rate) == frames_of(parsed(reference), rate.rate)


@pytest.mark.parametrize("out_frame", [12, 22])
def test_a_dissolve_that_does_not_fit_its_clips_stays_a_cut(
    make_project: Callable[..., Project], out_frame: int
) -> None:
    """The second mixture begins before the clip at 21 does, or in the first mixture, which ends at 31."""
    seams = [Seam(10, 31, SeamKind.DISSOLVE), Seam(out_frame, 61, SeamKind.DISSOLVE)]
    root = parsed(make_project(seams), dissolves=True)
    assert [seconds(t, "offset") for t in root.iter("transition")] == [3600 + Fraction(11, 25)]
    assert len(list(root.iter("asset-clip"))) == 3


def test_a_variable_rate_is_laid_on_the_constant_grid(
    make_project: Callable[..., Project], cut: Callable[..., Seam]
) -> None:
    project = make_project(
        [cut(2), cut(3), cut(4), cut(5), cut(6)], start=None, times_ms=[0, 40, 80, 84, 88, 300, 1000, 1040]
    )
    spans = frames_of(parsed(project), Fraction(25))
    assert spans == [(0, 0, 2), (2, 2, 6), (8, 8, 17), (25, 25, 1)]


def test_the_editors_start_and_counting_stand_before_the_files(make_project: Callable[..., Project]) -> None:
    project = replace(make_project(rate=Fraction(60000, 1001)), start_frame=60, drop_frame=True)
    root = parsed(project)
    assert only(root, "sequence").get("tcFormat") == only(root, "asset-clip").get("tcFormat") == "DF"
    for tag, name in (("sequence", "tcStart"), ("asset", "start"), ("asset-clip", "offset")):
        assert seconds(only(root, tag), name) == Fraction(1001, 1000)


def test_a_rate_beyond_the_formats_numbers_is_refused(make_project: Callable[..., Project]) -> None:
    with pytest.raises(ExchangeError, match=r"cannot hold the film's rate.*export CSV"):
        write_fcpxml(make_project(rate=Fraction(25 * 2**31 + 1, 2**31), start=None))
