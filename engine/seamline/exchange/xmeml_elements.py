"""The elements of a Final Cut Pro 7 XML: the file parsed without harm, and what single elements say."""

from __future__ import annotations

import contextlib
import gc
import re
from collections.abc import Iterator
from fractions import Fraction
from xml.etree import ElementTree as ET
from xml.parsers import expat

from seamline.errors import ExchangeError
from seamline.exchange.cut_list import ListTransition

_MOST_BYTES = 64 * 2**20
_MOST_TAGS = (
    3_000_000  # opening and closing ones: some 5,000 shots with stereo sound and all of Resolve's filters
)
_MOST_ATTRIBUTES = 400_000  # a parser takes microseconds for each; clips have two to four
_LONGEST_PROLOG = 65_536  # what may stand up to the end of the first tag
_HIGHEST_TIMEBASE = 999


class _RootBegun(Exception):  # noqa: N818 - no error: it ends the first look
    """The first element begins, behind which no document type can stand."""


class _Nothing:
    """Makes a parser check a document and build nothing of it."""

    def close(self) -> None:
        """What parsers ask for at the end."""


def parsed(data: bytes | str) -> ET.Element:
    """The root of the document. No declaration, entity or address in it is followed; size and tags are bounded.

    Every document type is refused but the bare <!DOCTYPE xmeml> that writers of the format put first: without
    declarations there is nothing in XML that grows or reaches out. What is not well-formed is refused before
    anything is built of it.
    """
    if len(data) > _MOST_BYTES:
        raise ExchangeError(f"The list is larger than {_MOST_BYTES // 2**20} MB: export a part of it.")
    tags, attributes = (
        (data.count("<"), data.count("=")) if isinstance(data, str) else (data.count(b"<"), data.count(b"="))
    )
    if tags > _MOST_TAGS or attributes > _MOST_ATTRIBUTES:
        raise ExchangeError(
            f"The list has more than {_MOST_TAGS} tags or {_MOST_ATTRIBUTES} attributes: export a part of it."
        )
    try:
        _check_prolog(data)
        checker = ET.XMLParser(target=_Nothing())
        checker.feed(data)
        checker.close()
        with _garbage_left_alone():
            return ET.fromstring(data)
    except (ET.ParseError, expat.ExpatError, ValueError, LookupError) as error:
        raise ExchangeError(f"The file is not well-formed XML ({error}): export the list again.") from error


def _check_prolog(data: bytes | str) -> None:
    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = _check_doctype
    parser.StartElementHandler = _stop
    try:
        parser.Parse(data[:_LONGEST_PROLOG], len(data) <= _LONGEST_PROLOG)
    except _RootBegun:
        return
    raise ExchangeError("The file does not begin as a Final Cut Pro 7 XML does: export the list again.")


def _stop(_name: str, _attributes: object) -> None:
    raise _RootBegun


def _check_doctype(name: str, system_id: str | None, public_id: str | None, has_subset: bool) -> None:
    if name != "xmeml" or system_id or public_id or has_subset:
        raise ExchangeError(
            "The list declares more than the plain <!DOCTYPE xmeml>, which is not read, as it can do harm: "
            "export it again from the editing system."
        )


@contextlib.contextmanager
def _garbage_left_alone() -> Iterator[None]:
    """Without the collector, which goes through all elements again and again while they are made: measured,
    2 million tags take 0.7 s instead of 2.4 to 3.5 s."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def content(parent: ET.Element, path: str) -> str:
    """The text of the first element at `path`, without white space around it; empty where there is none."""
    return (parent.findtext(path) or "").strip()


def name_of(element: ET.Element) -> str:
    return content(element, "name")


def frame_of(parent: ET.Element, tag: str, default: int | None = None) -> int:
    """The frame number in `tag`. Raises ExchangeError where it is none, or missing without a default."""
    text = content(parent, tag)
    if not text and default is not None:
        return default
    if not re.fullmatch(r"-?[0-9]{1,12}", text):
        said = f"has “{text[:40]}” for its" if text else "has no"
        raise ExchangeError(f"A {parent.tag} of the list {said} “{tag}” frame: export the list again.")
    return int(text)


def rate_of(parent: ET.Element | None) -> Fraction | None:
    """The rate that an element states, None where it states none."""
    timebase = None if parent is None else parent.find("rate/timebase")
    if parent is None or timebase is None:
        return None
    text = (timebase.text or "").strip()
    if not re.fullmatch(r"[0-9]{1,3}", text) or int(text) == 0:
        raise ExchangeError(
            f"The list counts “{text[:40]}” frames a second; 1 to {_HIGHEST_TIMEBASE} are possible: export it "
            "again."
        )
    ntsc = content(parent, "rate/ntsc").upper() == "TRUE"
    return Fraction(int(text) * 1000, 1001) if ntsc else Fraction(int(text))


def is_enabled(element: ET.Element) -> bool:
    return content(element, "enabled").upper() != "FALSE"


def transition_kind(transition: ET.Element) -> ListTransition:
    """A wipe for every category but dissolves: slides, irises and page peels move a border over the picture too."""
    category = content(transition, "effect/effectcategory").lower()
    if category:
        return ListTransition.DISSOLVE if category == "dissolve" else ListTransition.WIPE
    name = f"{content(transition, 'effect/effectid')} {content(transition, 'effect/name')}".lower()
    return ListTransition.WIPE if "wipe" in name else ListTransition.DISSOLVE


def has_speed_effect(item: ET.Element) -> bool:
    """Whether a time remap runs the clip at another speed than its own, or backwards."""
    for effect in item.findall("filter/effect"):
        if content(effect, "effectid") != "timeremap":
            continue
        values = {content(p, "parameterid"): content(p, "value").upper() for p in effect.findall("parameter")}
        plain_speed = re.fullmatch(r"100(\.0*)?", values.get("speed", "100")) is not None
        plain_course = values.get("variablespeed", "0") in ("", "0", "FALSE")
        if not plain_speed or not plain_course or values.get("reverse") == "TRUE":
            return True
    return False


def plain_label(label: str) -> str:
    """hh:mm:ss:ff of a timecode that has other signs between its numbers, such as Premiere's 01;00;00;00."""
    return re.sub(r"[;.,]", ":", label)


def described_by_id(root: ET.Element, tag: str) -> dict[str, ET.Element]:
    """The elements of that tag by their id, as each is described in full once and then only named."""
    described: dict[str, ET.Element] = {}
    for element in root.iter(tag):
        if len(element):
            described.setdefault(element.get("id", ""), element)
    described.pop("", None)
    return described
