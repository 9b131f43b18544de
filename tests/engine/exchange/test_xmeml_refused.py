"""Final Cut Pro 7 XML from strangers: broken, hostile or tampered with."""

from __future__ import annotations

import copy
import random
from collections.abc import Callable
from fractions import Fraction
from xml.etree import ElementTree as ET

import pytest

from seamline.errors import ExchangeError
from seamline.exchange.xmeml import write_xmeml
from seamline.exchange.xmeml_reader import read_xmeml
from seamline.project.types import Project, Seam, SeamKind

RATE_25 = "<rate><timebase>25</timebase><ntsc>FALSE</ntsc></rate>"


def document(track: str, *, timecode: str = "", more: str = "", rate: str = RATE_25) -> str:
    """A sequence with that on its first video track, and `more` after the track."""
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE xmeml>\n<xmeml version="4"><sequence id="s">'
        f"<name>Reel</name>{rate}{timecode}<media><video><track>{track}</track>{more}</video></media>"
        "</sequence></xmeml>"
    )


def clip(start: int, end: int, first: int, last: int, inside: str = "<name>a.mov</name>") -> str:
    return f"<clipitem>{inside}<start>{start}</start><end>{end}</end><in>{first}</in><out>{last}</out></clipitem>"


def timecode(label: str = "", frame: str = "", display: str = "NDF", rate: str = RATE_25) -> str:
    return (
        f"<timecode>{rate}<string>{label}</string><frame>{frame}</frame>"
        f"<displayformat>{display}</displayformat></timecode>"
    )


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", r"not well-formed XML .*: export the list again"),
        ("\0\0", r"not well-formed XML"),
        (b"\xff\xfe<", r"not well-formed XML"),
        (b"<?xml version='1.0' encoding='utf-7'?><xmeml/>", r"not well-formed XML"),
        (b"<?xml version='1.0' encoding='nonsense'?><xmeml/>", r"not well-formed XML"),
        ("<xmeml>\udcff</xmeml>", r"not well-formed XML"),
        ("<xmeml>&a;</xmeml>", r"not well-formed XML"),
        ("<fcpxml version='1.9'/>", r"begins with “fcpxml” where .* “xmeml”: export the sequence as"),
        ("<!DOCTYPE fcpxml><fcpxml/>", r"declares more than the plain"),
        (f"<!--{'x' * 70_000}--><xmeml/>", r"does not begin as a list of an editing system does"),
        ("<xmeml/>", r"no sequence with video clips: choose the sequence"),
        (document(""), r"no sequence with video clips"),
        (document(clip(0, 9, 0, 9, "<enabled>FALSE</enabled>")), r"“Reel” is disabled: enable what"),
        (document(clip(0, 9, 0, 9), rate=""), r"“Reel” does not say its frame rate"),
        (document(clip(0, 9, 0, 9), rate=RATE_25.replace("25", "23.98")), r"counts “23.98” frames a second"),
        (document(clip(0, 9, 0, 9), rate=RATE_25.replace("25", "0")), r"counts “0” frames a second"),
        (document(clip(0, 9, 0, 9), timecode=timecode("99:00:00:00")), r"“99:00:00:00” is out of range"),
        (document(clip(-1, 9, 0, 9)), r"“a.mov” has its start hidden by a transition that is not there"),
        (document(clip(0, -1, 0, 9)), r"“a.mov” has its end hidden"),
        (document(clip(0, 9, 9, 0)), r"takes no frames or less than none"),
        (document(clip(0, 10**13, 0, 9)), r"has “10000000000000” for its “end” frame"),
        (document("<clipitem/>"), r"A clipitem of the list has no “start” frame: export the list again"),
    ],
)
def test_what_cannot_be_read_is_refused_in_a_sentence(text: str | bytes, sentence: str) -> None:
    with pytest.raises(ExchangeError, match=sentence):
        read_xmeml(text)


@pytest.mark.parametrize(
    "doctype",
    [
        '<!DOCTYPE xmeml [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>',
        '<!DOCTYPE xmeml [<!ENTITY a SYSTEM "file:///etc/hostname">]>',
        '<!DOCTYPE xmeml [<!ENTITY % a SYSTEM "file:///etc/hostname"> %a;]>',
        '<!DOCTYPE xmeml [<!ATTLIST track big CDATA "x">]>',
        "<!DOCTYPE xmeml []>",
        '<!DOCTYPE xmeml SYSTEM "xmeml.dtd">',
        '<!DOCTYPE xmeml PUBLIC "-//a//b" "http://localhost/xmeml.dtd">',
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_declarations_are_refused_before_anything_is_read(doctype: str, encoding: str) -> None:
    text = f"{doctype}<xmeml>&b;</xmeml>"
    with pytest.raises(ExchangeError, match=r"declares more than the plain <!DOCTYPE xmeml>"):
        read_xmeml(text.encode(encoding))


def test_utf_16_is_read() -> None:
    text = document(clip(0, 9, 0, 9)).replace("UTF-8", "UTF-16")
    (event,) = read_xmeml(text.encode("utf-16")).events
    assert (event.record_start, event.record_end) == (0, 9)


def test_size_is_bounded() -> None:
    with pytest.raises(ExchangeError, match="larger than 64 MB"):
        read_xmeml(b" " * (64 * 2**20 + 1))
    with pytest.raises(ExchangeError, match=r"tags or .* attributes: export a part"):
        read_xmeml(b"<xmeml>" + b"<a/>" * 3_000_000 + b"</xmeml>")
    with pytest.raises(ExchangeError, match=r"tags or .* attributes: export a part"):
        read_xmeml(b"<xmeml " + b"a='' " * 400_001 + b"/>")
    with pytest.raises(ExchangeError, match="has 200001 clips and transitions on one track"):
        read_xmeml(document("<clipitem/>" * 200_001))


def test_a_list_too_deep_is_refused() -> None:
    deep = "<clipitem><sequence>" * 100_000 + "</sequence></clipitem>" * 100_000
    with pytest.raises(ExchangeError, match="elements inside each other"):
        read_xmeml(f"<xmeml>{deep}</xmeml>")


def with_bytes_changed(data: bytes, rng: random.Random) -> bytes:
    out = bytearray(data)
    for _ in range(rng.randint(1, 3)):
        at = rng.randrange(len(out))
        match rng.randrange(3):
            case 0:
                out[at] = rng.randrange(256)
            case 1:
                del out[at : at + rng.randint(1, 60)]
            case _:
                out[at:at] = out[at : at + rng.randint(1, 200)]
    return bytes(out)


def with_elements_changed(data: bytes, rng: random.Random) -> bytes:
    """Well-formed, but elements say other things, are gone, twice there, or elsewhere."""
    root = ET.fromstring(data)
    parents = [parent for parent in root.iter() if len(parent)]
    leaves = [leaf for leaf in root.iter() if not len(leaf)]
    texts = (
        "-1",
        "0",
        "1",
        "999999999999",
        "1e9",
        "",
        "TRUE",
        "FALSE",
        "DF",
        "24:00:00:00",
        "00:01:00;00",
        "\u0663",
    )
    for _ in range(rng.randint(1, 4)):
        parent = rng.choice(parents)
        child = rng.randrange(max(1, len(parent)))
        match rng.randrange(5):
            case 0 if len(parent):
                del parent[child]
            case 1 if len(parent):
                parent.insert(rng.randrange(len(parent)), copy.deepcopy(parent[child]))
            case 2:
                parent.append(copy.deepcopy(rng.choice(leaves)))
            case _:
                rng.choice(leaves).text = rng.choice(texts)
    return ET.tostring(root)


@pytest.mark.parametrize("change", [with_bytes_changed, with_elements_changed])
def test_what_was_tampered_with_is_read_or_refused_in_a_sentence(
    make_project: Callable[..., Project],
    cut: Callable[..., Seam],
    change: Callable[[bytes, random.Random], bytes],
) -> None:
    seams = [cut(20), Seam(40, 51, SeamKind.DISSOLVE), cut(70)]
    project = make_project(seams, rate=Fraction(30_000, 1001), drop=True)
    data = write_xmeml(project, dissolves=True).encode()
    rng = random.Random(7)
    read = 0
    refusals = []
    for _ in range(500):
        try:
            cut_list = read_xmeml(change(data, rng))
        except ExchangeError as error:
            refusals.append(str(error))
        else:
            read += 1
            assert cut_list.events
    assert all(sentence.endswith(".") for sentence in refusals)
    # both ways are tried
    assert read > 15
    assert len(refusals) > 15
