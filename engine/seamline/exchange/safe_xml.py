"""XML from strangers, parsed without harm: no declarations, bounded size, tags and depth."""

from __future__ import annotations

import contextlib
import gc
from collections.abc import Iterator
from xml.etree import ElementTree as ET
from xml.parsers import expat

from seamline.errors import ExchangeError

_MOST_BYTES = 64 * 2**20
_MOST_TAGS = (
    3_000_000  # opening and closing ones: some 5,000 shots with stereo sound and all of Resolve's filters
)
_MOST_ATTRIBUTES = 400_000  # a parser takes microseconds for each; clips have two to four
_MOST_LEVELS = 200
_LONGEST_PROLOG = 65_536  # what may stand up to the end of the first tag


class _RootBegun(Exception):  # noqa: N818 - no error: it ends the first look
    """The first element begins, behind which no document type can stand."""


class _DoctypeBegun(Exception):  # noqa: N818 - no error: what it declares is not looked at
    """A document type with declarations of its own begins."""


class _Nothing:
    """Makes a parser check a document and build nothing of it."""

    def close(self) -> None:
        """What parsers ask for at the end."""


def parsed(data: bytes | str, doctype: str) -> ET.Element:
    """The root of the document. No declaration, entity or address in it is followed; size, tags and depth are bounded.

    Every document type is refused but the bare <!DOCTYPE `doctype`> that writers of the format put first: without
    declarations there is nothing in XML that grows or reaches out. What is not well-formed is refused before
    anything is built of it. (defusedxml, made for this, takes 8 to 18 s for the largest that is let through here, as
    its parser is Python's.) Raises ExchangeError.
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
        _check_prolog(data, doctype)
        checker = ET.XMLParser(target=_Nothing())
        checker.feed(data)
        checker.close()
        with _garbage_left_alone():
            root = ET.fromstring(data)
    except (ET.ParseError, expat.ExpatError, ValueError, LookupError) as error:
        raise ExchangeError(f"The file is not well-formed XML ({error}): export the list again.") from error
    _check_depth(root)
    return root


def root_name(data: bytes | str) -> str:
    """The name of the first element, without prefix and in small letters; empty where the document begins with none.

    Of a document type with declarations, which `parsed` refuses, it is that one's name.
    """
    names: list[str] = []

    def begin_doctype(name: str, _system_id: str | None, _public_id: str | None, has_subset: bool) -> None:
        if has_subset:
            names.append(name)
            raise _DoctypeBegun

    def begin_root(name: str, _attributes: object) -> None:
        names.append(name)
        raise _RootBegun

    with contextlib.suppress(_RootBegun, _DoctypeBegun, expat.ExpatError, ValueError, LookupError):
        parser = expat.ParserCreate()
        parser.StartDoctypeDeclHandler = begin_doctype
        parser.StartElementHandler = begin_root
        parser.Parse(data[:_LONGEST_PROLOG], False)
    return names[0].rpartition(":")[2].lower() if names else ""


def _check_depth(root: ET.Element) -> None:
    levels = [iter(root)]
    while levels:
        child = next(levels[-1], None)
        if child is None:
            levels.pop()
        elif len(child):
            levels.append(iter(child))
            if len(levels) > _MOST_LEVELS:
                raise ExchangeError(
                    f"The list has more than {_MOST_LEVELS} elements inside each other: export it again."
                )


def _check_prolog(data: bytes | str, doctype: str) -> None:
    parser = expat.ParserCreate()

    def check(name: str, system_id: str | None, public_id: str | None, has_subset: bool) -> None:
        if name != doctype or system_id or public_id or has_subset:
            raise ExchangeError(
                f"The list declares more than the plain <!DOCTYPE {doctype}>, which is not read, as it can do harm: "
                "export it again from the editing system."
            )

    parser.StartDoctypeDeclHandler = check
    parser.StartElementHandler = _stop
    try:
        parser.Parse(data[:_LONGEST_PROLOG], len(data) <= _LONGEST_PROLOG)
    except _RootBegun:
        return
    raise ExchangeError("The file does not begin as a list of an editing system does: export the list again.")


def _stop(_name: str, _attributes: object) -> None:
    raise _RootBegun


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
