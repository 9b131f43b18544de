"""The elements of a Final Cut Pro 7 XML, and what they say."""

from __future__ import annotations

import re
from fractions import Fraction
from xml.etree import ElementTree as ET

from seamline.errors import ExchangeError
from seamline.exchange.cut_list import ListTransition

_HIGHEST_TIMEBASE = 999


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
