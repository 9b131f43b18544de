"""ELAN annotation files (EAF 3.0): the shots and the seams on two tiers over the film."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from xml.etree import ElementTree

from seamline.exchange.chapters import shown_ms
from seamline.exchange.footage_words import FootageWords, footage_by_shot
from seamline.exchange.label_words import MOVEMENT_NAMES, SCALE_NAMES, UNSURE_NAME, labels_by_shot
from seamline.exchange.names import clean_text
from seamline.exchange.shot_words import words_of
from seamline.project.types import Project, Seam

_SCHEMA = "http://www.mpi.nl/tools/elan/EAFv3.0.xsd"
_INSTANCE = "http://www.w3.org/2001/XMLSchema-instance"
_TYPE = "default-lt"
_LANGUAGE = "eng"
# as ELAN writes it
_LANGUAGE_ATTRIBUTES = {
    "LANG_DEF": "http://cdb.iso.org/lg/CDB-00138502-001",
    "LANG_ID": _LANGUAGE,
    "LANG_LABEL": "English (eng)",
}
# by tier: the words that its annotations have, and what each stands for; ELAN offers them where one is edited
_VOCABULARIES = {
    "Scale": {name: scale.value for scale, name in SCALE_NAMES.items()} | {UNSURE_NAME: "unsure"},
    "Movement": {name: movement.value for movement, name in MOVEMENT_NAMES.items()} | {UNSURE_NAME: "unsure"},
}

# by suffix, as ELAN itself names them; a type it does not know makes it ask for a player
_MIME_TYPES = {
    ".mp4": "video/mp4",
    ".m4v": "video/mp4",
    ".mov": "video/quicktime",
    ".mpg": "video/mpeg",
    ".mpeg": "video/mpeg",
}
_OTHER_MIME_TYPE = "video/*"

# the four that every file of ELAN's carries, with its own words
_CONSTRAINTS = {
    "Time_Subdivision": "Time subdivision of parent annotation's time interval, no time gaps allowed within this "
    "interval",
    "Symbolic_Subdivision": "Symbolic subdivision of a parent annotation. Annotations refering to the same parent "
    "are ordered",
    "Symbolic_Association": "1-1 association with a parent annotation",
    "Included_In": "Time alignable annotations within the parent annotation's time interval, gaps are allowed",
}


def write_elan(project: Project, *, written_at: datetime | None = None) -> str:
    """The film's shots and seams as an `.eaf` document: tier “Shots”, without gaps, and tier “Seams”.

    Shots have their names, or their numbers. What is written about them stands on two more tiers, “Comments” and
    “Colours”, and what they are labelled with on “Scale” and “Movement”, each with a controlled vocabulary and each
    only where there is one. Set-ups, scenes and repeated footage have a tier each where the shots were grouped; a
    scene is an annotation a run of shots.

    Times are whole milliseconds from the film's first frame, each the first at which the frame is on screen;
    so they are the film's own also at a variable rate. A cut spans the first frame of the new shot, any other
    seam the frames that belong to no shot alone. `written_at`: the document's date, now unless given.
    """
    root = ElementTree.Element(
        "ANNOTATION_DOCUMENT",
        {
            "AUTHOR": "Seamline",
            "DATE": (written_at or datetime.now(UTC)).isoformat(timespec="seconds"),
            "FORMAT": "3.0",
            "VERSION": "3.0",
            "xmlns:xsi": _INSTANCE,
            "xsi:noNamespaceSchemaLocation": _SCHEMA,
        },
    )
    header = ElementTree.SubElement(root, "HEADER", {"MEDIA_FILE": "", "TIME_UNITS": "milliseconds"})
    path = project.film.path
    ElementTree.SubElement(
        header,
        "MEDIA_DESCRIPTOR",
        {
            # not as_uri(): ELAN neither writes nor reads %20 and its like
            "MEDIA_URL": f"file:///{_xml_text(path.absolute().as_posix()).lstrip('/')}",
            "MIME_TYPE": _MIME_TYPES.get(path.suffix.lower(), _OTHER_MIME_TYPE),
            # ELAN looks beside the .eaf where the first address leads nowhere
            "RELATIVE_MEDIA_URL": f"./{_xml_text(path.name)}",
        },
    )
    noted = [(shot, words_of(project, shot)) for shot in project.shots]
    tiers = {
        "Shots": [
            (s.start_frame, s.end_frame, words.title if words else f"Shot {s.number}") for s, words in noted
        ],
        "Seams": [(*_shown_frames(seam), _label(seam)) for seam in project.seams],
    }
    comments = [(s.start_frame, s.end_frame, words.comment) for s, words in noted if words and words.comment]
    colours = [
        (s.start_frame, s.end_frame, str(words.colour)) for s, words in noted if words and words.colour
    ]
    by_number = labels_by_shot(project)
    labels = [(shot, by_number[shot.number]) for shot in project.shots if shot.number in by_number]
    scales = [(s.start_frame, s.end_frame, found.scale_name) for s, found in labels if found.scale]
    movements = [(s.start_frame, s.end_frame, found.movement_name) for s, found in labels if found.movement]
    tiers |= {
        name: spans
        for name, spans in (
            ("Comments", comments),
            ("Colours", colours),
            ("Scale", scales),
            ("Movement", movements),
        )
        if spans
    }
    tiers |= _footage_tiers(project, footage_by_shot(project))
    # from this count ELAN numbers what the user adds
    last_id = ElementTree.SubElement(header, "PROPERTY", {"NAME": "lastUsedAnnotationId"})
    last_id.text = str(_append_tiers(root, project, tiers))
    ElementTree.SubElement(
        root,
        "LINGUISTIC_TYPE",
        {"GRAPHIC_REFERENCES": "false", "LINGUISTIC_TYPE_ID": _TYPE, "TIME_ALIGNABLE": "true"},
    )
    vocabularies = [name for name in _VOCABULARIES if name in tiers]
    for name in vocabularies:
        ElementTree.SubElement(
            root,
            "LINGUISTIC_TYPE",
            {
                "CONTROLLED_VOCABULARY_REF": name,
                "GRAPHIC_REFERENCES": "false",
                "LINGUISTIC_TYPE_ID": name,
                "TIME_ALIGNABLE": "true",
            },
        )
    if vocabularies:
        ElementTree.SubElement(root, "LANGUAGE", _LANGUAGE_ATTRIBUTES)
    for stereotype, description in _CONSTRAINTS.items():
        ElementTree.SubElement(root, "CONSTRAINT", {"DESCRIPTION": description, "STEREOTYPE": stereotype})
    for name in vocabularies:
        _append_vocabulary(root, name)
    ElementTree.indent(root, "    ")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ElementTree.tostring(root, encoding="unicode")}\n'


def _footage_tiers(
    project: Project, footage: Mapping[int, FootageWords]
) -> dict[str, list[tuple[int, int, str]]]:
    """Those that have annotations."""
    setups: list[tuple[int, int, str]] = []
    scenes: list[tuple[int, int, str]] = []
    repeats: list[tuple[int, int, str]] = []
    for shot in project.shots:
        if (words := footage.get(shot.number)) is None:
            continue
        setups.append((shot.start_frame, shot.end_frame, words.setup))
        if words.repeats is not None:
            repeats.append((shot.start_frame, shot.end_frame, words.repeat_of))
        scene, start_frame = f"Scene {words.footage.scene}", shot.start_frame
        if scenes and scenes[-1][1:] == (start_frame, scene):
            start_frame = scenes.pop()[0]
        scenes.append((start_frame, shot.end_frame, scene))
    tiers = {"Set-ups": setups, "Scenes": scenes, "Repeats": repeats}
    return {name: spans for name, spans in tiers.items() if spans}


def _append_tiers(
    root: ElementTree.Element, project: Project, tiers: dict[str, list[tuple[int, int, str]]]
) -> int:
    """The document's times and its tiers; gives how many annotations there are."""
    index = project.film.index
    order = ElementTree.SubElement(root, "TIME_ORDER")
    times_ms: dict[str, int] = {}
    for tier, spans in tiers.items():
        kind, entries = (tier, tuple(_VOCABULARIES[tier])) if tier in _VOCABULARIES else (_TYPE, ())
        element = ElementTree.SubElement(root, "TIER", {"LINGUISTIC_TYPE_REF": kind, "TIER_ID": tier})
        for start, end, text in spans:
            start_ms, end_ms = shown_ms(index, start), shown_ms(index, end)
            if start_ms == end_ms:
                # a frame shorter than a millisecond may have none of its own, and ELAN no annotation of length 0
                continue
            # two times for each, though neighbours meet: a time that two share moves for both when one is edited
            first = len(times_ms) + 1
            times_ms |= {f"ts{first}": start_ms, f"ts{first + 1}": end_ms}
            annotation = ElementTree.SubElement(
                ElementTree.SubElement(element, "ANNOTATION"),
                "ALIGNABLE_ANNOTATION",
                {
                    "ANNOTATION_ID": f"a{first // 2 + 1}",
                    "TIME_SLOT_REF1": f"ts{first}",
                    "TIME_SLOT_REF2": f"ts{first + 1}",
                    **({"CVE_REF": _entry_id(tier, entries.index(text))} if entries else {}),
                },
            )
            ElementTree.SubElement(annotation, "ANNOTATION_VALUE").text = text
    for name, ms in sorted(times_ms.items(), key=lambda item: item[1]):
        ElementTree.SubElement(order, "TIME_SLOT", {"TIME_SLOT_ID": name, "TIME_VALUE": str(ms)})
    return len(times_ms) // 2


def _append_vocabulary(root: ElementTree.Element, name: str) -> None:
    vocabulary = ElementTree.SubElement(root, "CONTROLLED_VOCABULARY", {"CV_ID": name})
    ElementTree.SubElement(vocabulary, "DESCRIPTION", {"LANG_REF": _LANGUAGE})
    for at, (word, meaning) in enumerate(_VOCABULARIES[name].items()):
        entry = ElementTree.SubElement(vocabulary, "CV_ENTRY_ML", {"CVE_ID": _entry_id(name, at)})
        value = ElementTree.SubElement(entry, "CVE_VALUE", {"DESCRIPTION": meaning, "LANG_REF": _LANGUAGE})
        value.text = word


def _entry_id(vocabulary: str, at: int) -> str:
    return f"cve_{vocabulary.lower()}_{at}"


def _shown_frames(seam: Seam) -> tuple[int, int]:
    """Frames [start, end) of a seam's annotation."""
    if seam.in_frame == seam.out_frame + 1:
        return seam.in_frame, seam.in_frame + 1
    return seam.out_frame + 1, seam.in_frame


def _xml_text(text: str) -> str:
    """`text` without the signs that no XML document can hold, not even escaped."""
    return re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]", "\ufffd", clean_text(text))


def _label(seam: Seam) -> str:
    return f"{seam.kind} {seam.confidence:.2f}"
