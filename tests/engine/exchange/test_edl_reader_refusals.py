"""EDLs that are broken, huge or none at all: each refused in a sentence, and soon."""

from __future__ import annotations

import contextlib
import random
import time
from collections.abc import Callable
from fractions import Fraction

import pytest
from edls import HEAD, line, read, spans

from seamline.errors import ExchangeError
from seamline.exchange.edl import EdlOptions, write_edl
from seamline.exchange.edl_reader import read_edl
from seamline.exchange.markers import write_resolve_markers
from seamline.project.types import Project, Seam

NTSC = Fraction(30000, 1001)


AVID = """\
TITLE:   Show_101.Copy.01 
FCM: DROP FRAME
001  ACC112   V     C        01:49:40:02 01:49:46:12 01:00:58:00 01:01:04:12 
* FROM CLIP NAME:  ACC112 WARBIRDS.NEW.01 
* SOURCE FILE: ACC112 WARBIRDS
* LOC: 01:01:00:14 RED     FIX NEEDED
M2   ACC112         059.6                01:49:40:02 
002  BOONE    V     C        01:00:00:00 01:00:00:00 01:01:04:12 01:01:04:12 
002  BL       V     D    024 00:00:00:00 00:00:01:00 01:01:04:12 01:01:05:12 
* FROM CLIP NAME:  BOONE
"""  # noqa: W291  as Avid writes it


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "no events, and so is no EDL"),
        ("TITLE: x\nFCM: DROP FRAME\n", "no events"),
        ("\0\1\2" * 100, "not text"),
        ('{"a": [1, 2]}', "no events"),
        (HEAD + line("001", 0, 9, track="AA"), "sound alone"),
        (HEAD + line("001", 5, 5), "length 0"),
        (
            HEAD + "001  AX  V  C  00:00:00:00 00:00:01:0x 00:00:00:00 00:00:01:00\n",
            "Line 3 of the EDL, “001 AX V C 00",
        ),
        (HEAD + "001  AX  V  C  00:00:00:00 00:00:01:00 00:00:00:00\n", "Line 3 .* cannot be read"),
        (HEAD + "x  AX  V  C  00:00:00:00 00:00:01:00 00:00:00:00 00:00:01:00\n", "Line 3 .* cannot be read"),
        (
            HEAD + "001  AX  Q  C  00:00:00:00 00:00:01:00 00:00:00:00 00:00:01:00\n",
            "Line 3 .* cannot be read",
        ),
        (
            HEAD + "001  AX  V  C  00:00:00:00 00:00:01:00 00:00:02:00 00:00:01:00\n",
            "Line 3 .*before it begins",
        ),
        (
            HEAD + "001  AX  V  C  00:00:00:00 00:00:01:00 00:00:00:00 00:00:00:25\n",
            "counts past the 25 frames",
        ),
        (HEAD + "001  AX  V  C  00:00:00:00 00:00:01:00 00:00:00:00 24:00:00:00\n", "is past 23:59:59"),
    ],
)
def test_what_cannot_be_read_is_said_in_a_sentence(text: str, message: str) -> None:
    with pytest.raises(ExchangeError, match=message):
        read(text)


def test_a_label_that_drop_frame_skips_is_refused() -> None:
    text = "FCM: DROP FRAME\n001  A  V  C  00:00:59:00 00:01:00:00 00:00:59:00 00:01:00:00\n"
    with pytest.raises(ExchangeError, match=r"“00:01:00:00” does not exist in drop frame.*non-drop frame"):
        read(text, NTSC)
    assert spans(read(text, NTSC, drop_frame=False)) == [(1770, 1800)]


def test_a_list_of_markers_is_no_cut_list(
    make_project: Callable[..., Project], cut: Callable[..., Seam]
) -> None:
    with pytest.raises(ExchangeError, match="holds markers and no cuts"):
        read(write_resolve_markers(make_project([cut(30), cut(60)])))


@pytest.mark.parametrize(
    "text",
    [
        b"\n" * 65 * 1024 * 1024,
        b"\n" * 2_000_000,
        b" " * 30_000_000 + b"\n001 ",
        b"00:00:00:00 " * 2_000_000,
        (HEAD + line("001", 0, 9)).encode() + b"* COMMENT: \x01" + b" x" * 1_000_000,
    ],
    ids=["too large", "too many lines", "blanks", "timecodes", "comment"],
)
def test_huge_input_is_soon_done_with(text: bytes) -> None:
    started = time.process_time()
    with contextlib.suppress(ExchangeError):
        assert len(read(text).events[0].note) <= 500
    assert time.process_time() - started < 2


def test_too_many_events_are_refused_without_reading_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("seamline.exchange.edl_lines.MOST_EVENTS", 10)
    with pytest.raises(ExchangeError, match="over 10 events"):
        read(HEAD + "".join(line(f"{i:03d}", i, i + 1) for i in range(11)) + "x  00:00:00:00 " * 4)


def test_mutations_give_a_list_or_a_sentence(reference: Project) -> None:
    """300 seeded mutations at each rate: bytes changed, lines doubled, dropped, swapped or cut."""
    random_ = random.Random(reference.timecode_rate.nominal)
    rate = reference.film.rate
    good = write_edl(reference, EdlOptions(transitions=True)).encode() + AVID.encode()
    refused = 0
    for _ in range(300):
        data = bytearray(good)
        for _ in range(random_.randint(1, 4)):
            at = random_.randrange(len(data))
            choice = random_.randrange(4)
            if choice == 0:
                data[at] = random_.randrange(256)
            elif choice == 1:
                data[at:at] = bytes(
                    random_.choices(b"0123456789:;.,\r\n* VCDWKB\xff\0", k=random_.randint(1, 20))
                )
            elif choice == 2:
                del data[at : at + random_.randint(1, 60)]
            else:
                data[at:at] = data[: random_.randint(1, 300)]
        try:
            assert read_edl(bytes(data), rate=rate).events
        except ExchangeError:
            refused += 1
    assert 0 < refused < 300
