"""Tables of shots or seams from anywhere, separated by commas, semicolons or tabs, read as cut lists."""

from __future__ import annotations

import csv
import io
import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import IntEnum
from fractions import Fraction

from seamline.errors import ExchangeError, MediaError
from seamline.exchange.csv_list import unguarded
from seamline.exchange.cut_list import MOST_EVENTS, CutList, ListEvent, ListTransition
from seamline.exchange.stranger_text import text_of_bytes
from seamline.media.timecode import count_of_label, means_drop_frame

_MOST_BYTES = 32 << 20  # 300 bytes for each of the events that are read at most
_LONGEST_LINE = 100_000
_MOST_COLUMNS = 256
_MOST_CELLS = 4_000_000
_DELIMITERS = ",;\t"
_HEADER_WITHIN = 12  # lines; PySceneDetect writes one of timecodes above it
_Rows = list[tuple[int, list[str]]]  # number of the line, cells

# what the words of a column's name mean; a name with any other word is no position
_SIDES = {"record": "record", "rec": "record", "sequence": "record", "timeline": "record",
          "source": "source", "src": "source"}  # fmt: skip
_ENDS = {"start": "start", "in": "start", "begin": "start", "first": "start",
         "end": "end", "out": "end", "stop": "end", "last": "last",
         "length": "length", "duration": "length", "dur": "length"}  # fmt: skip
_FILLERS = frozenset({"shot", "scene"})
_SOURCES = ("sourcefile", "filename", "file", "clipname", "clip", "reel", "tape", "name", "source")
_NOTES = ("comment", "comments", "note", "notes", "description")
_KINDS = ("type", "kind")

_WHOLE = re.compile(r"\d{1,9}(?:\.0+)?")
_DECIMAL = re.compile(r"\d{1,9}(?:\.\d{1,12})?")
_CLOCK = re.compile(r"(?:(\d{1,2}):)?(\d{1,2}):(\d{2}(?:\.\d{1,12}|,\d{3})?)")


class _Unit(IntEnum):
    """What a column counts in; of several columns the lowest is read."""

    FRAMES = 0
    TIMECODE = 1
    SECONDS = 2
    UNSAID = 3


_UNITS = {"frame": _Unit.FRAMES, "frames": _Unit.FRAMES, "timecode": _Unit.TIMECODE, "tc": _Unit.TIMECODE,
          "time": _Unit.SECONDS, "s": _Unit.SECONDS, "sec": _Unit.SECONDS, "seconds": _Unit.SECONDS}  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Column:
    """One that says where shots lie: `end` is start, end, last or length; `side` record, source or “”."""

    place: int
    name: str
    end: str
    side: str
    unit: _Unit


def read_csv_list(data: bytes | str, *, rate: Fraction) -> CutList:
    """The shots of a table that names its columns, at `rate` frames a second.

    Reads shot tables with frames, timecodes, seconds or clock times (“Start Frame”, “Record In”, “end_time_s”
    and the like), PySceneDetect's scene lists, and the seams that `write_csv` and `write_tsv` write. Frames
    count from 0 in the film's own order, timecodes from 00:00:00:00. Whether an end is the last frame or the
    one after is told from the lengths, else from how the rows meet. Raises ExchangeError.
    """
    header_line, header, delimiter, text = _header(_text(data))
    if text.count(delimiter) > _MOST_CELLS:
        raise ExchangeError(f"The table has more than {_MOST_CELLS} cells: export fewer rows or columns.")
    lines = itertools.islice(_lines(text), header_line, None)
    try:
        rows = _rows(lines, delimiter, header_line)
    except csv.Error as error:
        raise ExchangeError(f"The table is damaged ({error}): save it as CSV again.") from error
    if not rows and not _are_seams(header, rows):
        raise ExchangeError("The table has a header but no rows: export it again.")
    columns = _columns(header)
    if _are_seams(header, rows):
        events, remarks = _events_of_seams(header, rows)
        return CutList("", "Table of seams", None, None, events, remarks, counts_film_frames=True)
    reader = _ShotReader(header, rows, rate, delimiter)
    events = reader.events(columns)
    return CutList(
        "",
        "Table of shots",
        None,
        reader.drop_frame,
        events,
        tuple(reader.remarks),
        counts_film_frames=reader.counts_film_frames,
    )


def _text(data: bytes | str) -> str:
    if len(data) > _MOST_BYTES:
        raise ExchangeError(f"The table is larger than {_MOST_BYTES >> 20} MB: export a part of it.")
    return data.removeprefix("\ufeff") if isinstance(data, str) else text_of_bytes(data)


def _lines(text: str) -> Iterator[str]:
    for number, line in enumerate(io.StringIO(text, newline=""), 1):
        if len(line) > _LONGEST_LINE:
            raise ExchangeError(f"Line {number} of the table has {len(line)} characters: export it again.")
        yield line


def _header(text: str) -> tuple[int, list[str], str, str]:
    """How many lines the header ends, its cells, the delimiter, and the text."""
    lines = list(itertools.islice(_lines(text), _HEADER_WITHIN))
    best: list[str] = []
    for number, line in enumerate(lines, 1):
        for delimiter in _DELIMITERS:
            cells = _cells(line, delimiter)
            best = best if len(best) >= len(cells) or any(map(_is_value, cells)) else cells
            if any(column.end == "start" for column in _columns(cells)):
                return number, cells, delimiter, text
    if not text.strip():
        raise ExchangeError("The table is empty: export it again.")
    names = ", ".join(f"“{cell.strip()[:40]}”" for cell in best[:12]) or "none"
    raise ExchangeError(
        "The table has no column that says where a shot starts, such as “Start Frame”, “Start Timecode” or "
        f"“Record In” (columns: {names}): name it in the first line."
    )


def _cells(line: str, delimiter: str) -> list[str]:
    try:
        return next(csv.reader([line], delimiter=delimiter), [])[:_MOST_COLUMNS]
    except csv.Error:
        return []


def _is_value(cell: str) -> bool:
    return cell[:1].isdigit()


def _rows(lines: Iterator[str], delimiter: str, header_line: int) -> _Rows:
    rows: _Rows = []
    reader = csv.reader(lines, delimiter=delimiter)
    for cells in reader:
        if any(cell.strip() for cell in cells):
            rows.append((header_line + reader.line_num, cells[:_MOST_COLUMNS]))
        if len(rows) > MOST_EVENTS:
            raise ExchangeError(f"The table has more than {MOST_EVENTS} rows: export a part of it.")
    return rows


def _columns(header: Sequence[str]) -> list[_Column]:
    return [column for place, name in enumerate(header) if (column := _column(place, name)) is not None]


def _column(place: int, name: str) -> _Column | None:
    # “startFrame” and “Start Time (seconds)” alike
    words = re.findall(r"[a-z]+|[^\W\d_]+", re.sub(r"([a-z])([A-Z])", r"\1 \2", name[:80]).lower())
    if not words or any(
        w not in _SIDES and w not in _ENDS and w not in _UNITS and w not in _FILLERS for w in words
    ):
        return None
    ends = [_ENDS[word] for word in words if word in _ENDS]
    if len(ends) != 1:
        return None
    side = next((_SIDES[word] for word in words if word in _SIDES), "")
    unit = min((_UNITS[word] for word in words if word in _UNITS), default=_Unit.UNSAID)
    return _Column(place, name.strip(), ends[0], side, unit)


def _place(header: Sequence[str], names: Sequence[str]) -> int | None:
    """Where the first of `names` stands, which are without signs and spaces."""
    plain = [re.sub(r"[\W_]+", "", cell).lower() for cell in header]
    return next((plain.index(name) for name in names if name in plain), None)


def _cell(cells: Sequence[str], place: int | None) -> str:
    return cells[place].strip() if place is not None and place < len(cells) else ""


class _ShotReader:
    """The rows of a table of shots; `drop_frame`, `counts_film_frames` and `remarks` are known once the events are."""

    def __init__(self, header: Sequence[str], rows: _Rows, rate: Fraction, delimiter: str) -> None:
        self._header, self._rows = header, rows
        self._rate, self._decimal_comma = rate, delimiter != ","
        self.drop_frame: bool | None = None
        self.counts_film_frames = False
        self.remarks: list[str] = []

    def events(self, columns: Sequence[_Column]) -> tuple[ListEvent, ...]:
        sides = {column.side for column in columns if column.end == "start"}
        first, *others = sorted(sides, key=["record", "", "source"].index)
        record = self._spans([column for column in columns if column.side == first])
        starts = [c for c in self._with_units(columns) if c.side == first and c.end == "start"]
        # unlike a timecode, and a frame of the record, a frame by its number is one that was decoded
        self.counts_film_frames = not first and min(column.unit for column in starts) is _Unit.FRAMES
        source = record
        if others:
            source = self._spans([column for column in columns if column.side == others[-1]])
        name, note = _place(self._header, _SOURCES), _place(self._header, _NOTES)
        events = [
            _event(line, span, source_span, unguarded(_cell(cells, name)), unguarded(_cell(cells, note)))
            for (line, cells), span, source_span in zip(self._rows, record, source, strict=True)
        ]
        events.sort(key=lambda event: (event.record_start, event.record_end))
        overlaps = sum(a.record_end > b.record_start for a, b in itertools.pairwise(events))
        if overlaps:
            self.remarks.append(f"{overlaps} rows begin before the one before them ends.")
        return tuple(events)

    def _spans(self, columns: Sequence[_Column]) -> list[tuple[int, int]]:
        """Half-open frame ranges, one a row."""
        columns = self._with_units(columns)
        start_column = min((c for c in columns if c.end == "start"), key=lambda c: c.unit)
        starts = self._values(start_column)
        ends_columns = [c for c in columns if c.end in ("end", "last")]
        length_column = min((c for c in columns if c.end == "length"), key=lambda c: c.unit, default=None)
        lengths = None
        # beside an end, only a length in frames says something: which of two frames the end is
        if length_column is not None and (not ends_columns or length_column.unit is _Unit.FRAMES):
            lengths = self._values(length_column)
        if not ends_columns:
            if lengths is not None:
                return [(start, start + length) for start, length in zip(starts, lengths, strict=True)]
            return self._until_next(starts)
        same = [c for c in ends_columns if c.unit is start_column.unit]
        end_column = min(same or ends_columns, key=lambda c: c.unit)
        ends = self._values(end_column)
        if not _ends_are_last_frames(starts, ends, lengths, named_so=end_column.end == "last"):
            return list(zip(starts, ends, strict=True))
        counted_from = 1 if start_column.unit is _Unit.FRAMES and min(starts) == 1 else 0
        if counted_from:
            self.remarks.append("The table counts its frames from 1; they are read from 0.")
        return [(a - counted_from, b + 1 - counted_from) for a, b in zip(starts, ends, strict=True)]

    def _with_units(self, columns: Sequence[_Column]) -> list[_Column]:
        """The columns, those whose names do not say it in frames where all of them hold whole numbers."""
        unsaid = [column for column in columns if column.unit is _Unit.UNSAID]
        whole = all(_WHOLE.fullmatch(_cell(row, column.place)) for column in unsaid for _, row in self._rows)
        unit = _Unit.FRAMES if whole else _Unit.SECONDS
        return [replace(column, unit=unit) if column in unsaid else column for column in columns]

    def _until_next(self, starts: Sequence[int]) -> list[tuple[int, int]]:
        following = dict(itertools.pairwise(sorted(set(starts))))
        self.remarks.append(
            "The table does not say where shots end: each goes to the next, the last has one frame."
        )
        return [(start, following.get(start, start + 1)) for start in starts]

    def _values(self, column: _Column) -> list[int]:
        return [self._value(line, column, _cell(row, column.place)) for line, row in self._rows]

    def _value(self, line: int, column: _Column, cell: str) -> int:
        unit = column.unit
        if unit is _Unit.FRAMES and _WHOLE.fullmatch(cell):
            return int(cell.partition(".")[0])
        if unit is not _Unit.FRAMES and (clock := _CLOCK.fullmatch(cell)):
            hours, minutes, seconds = clock.groups()
            exact = Fraction(seconds.replace(",", ".")) + 60 * int(minutes) + 3600 * int(hours or 0)
            return round(exact * self._rate)
        if unit is not _Unit.FRAMES and ":" in cell:
            try:
                frame, _ = count_of_label(cell, self._rate)
            except MediaError as error:
                raise ExchangeError(f"Line {line}, “{column.name}”: {error}") from error
            self.drop_frame = self.drop_frame or means_drop_frame(cell)
            return frame
        number = cell.replace(",", ".") if self._decimal_comma else cell
        if unit is _Unit.SECONDS and _DECIMAL.fullmatch(number):
            return round(Fraction(number) * self._rate)
        expected = {_Unit.FRAMES: "a whole number", _Unit.TIMECODE: "a timecode such as 01:00:00:00"}
        raise ExchangeError(
            f"Line {line}, “{column.name}” is {expected.get(unit, 'a time')}, not “{cell[:40]}”: correct that line."
        )


def _ends_are_last_frames(
    starts: Sequence[int], ends: Sequence[int], lengths: Sequence[int] | None, *, named_so: bool
) -> bool:
    """Whether each end is the shot's last frame, not the one after."""
    if lengths is not None:
        votes = [length - (end - start) for start, end, length in zip(starts, ends, lengths, strict=True)]
    else:
        votes = [following - end for end, following in zip(ends, starts[1:], strict=False)]
    after, last = votes.count(0), votes.count(1)
    return named_so if after == last else last > after


def _event(line: int, record: tuple[int, int], source: tuple[int, int], name: str, note: str) -> ListEvent:
    try:
        return ListEvent(*source, *record, source=name, note=note)
    except ExchangeError as error:
        raise ExchangeError(f"Line {line}: {error}") from error


def _are_seams(header: Sequence[str], rows: _Rows) -> bool:
    """Whether rows are changes of shot: out frame before in frame, or start and end frame with a kind."""
    out_place, in_place = _place(header, ["outframe"]), _place(header, ["inframe"])
    if out_place is not None and in_place is not None:
        if not rows:  # a film of one shot; shots would name where they go in first
            return out_place < in_place
        pairs = [(_cell(cells, out_place), _cell(cells, in_place)) for _, cells in rows]
        return all(a.isdecimal() and b.isdecimal() and len(a + b) < 20 and int(a) < int(b) for a, b in pairs)
    has_kind = _place(header, [*_KINDS, "scored"]) is not None
    return has_kind and None not in (_place(header, ["startframe"]), _place(header, ["endframe"]))


def _events_of_seams(header: Sequence[str], rows: _Rows) -> tuple[tuple[ListEvent, ...], tuple[str, ...]]:
    """The shots between seams. Where the last one ends, a list of seams does not say: it gets one frame."""
    out_place, in_place = _place(header, ["outframe", "startframe"]), _place(header, ["inframe", "endframe"])
    kind_place, scored_place = _place(header, _KINDS), _place(header, ["scored"])
    note_places = _place(header, ["name"]), _place(header, _NOTES)
    seams = []
    for line, cells in rows:
        if _cell(cells, scored_place) in ("0", "-1"):
            continue
        out_text, in_text = _cell(cells, out_place), _cell(cells, in_place)
        if not (_WHOLE.fullmatch(out_text) and _WHOLE.fullmatch(in_text)):
            raise ExchangeError(
                f"Line {line}: a seam has two whole frame numbers, not “{out_text[:40]}” and “{in_text[:40]}”: "
                "correct that line."
            )
        words = [_cell(cells, kind_place), *(unguarded(_cell(cells, place)) for place in note_places)]
        seams.append((int(out_text.partition(".")[0]), int(in_text.partition(".")[0]), words))
    remarks = ["The table does not say where the film ends: the last shot has one frame."]
    if len(seams) < len(rows):
        remarks.append(f"{len(rows) - len(seams)} seams that do not count were left out.")
    starts = [(0, 0, "", "")]
    for out_frame, in_frame, words in sorted(seams):
        if not starts[-1][0] + starts[-1][1] <= out_frame < in_frame:
            raise ExchangeError(
                f"The seam from frame {out_frame} to {in_frame} overlaps another, or ends before it begins: correct it."
            )
        starts.append((out_frame + 1, in_frame - out_frame - 1, words[0], "; ".join(filter(None, words))))
    ends = [*(start for start, *_ in starts[1:]), sum(starts[-1][:2]) + 1]
    return tuple(_seam_event(*start, end) for start, end in zip(starts, ends, strict=True)), tuple(remarks)


def _seam_event(start: int, gradual_frames: int, kind: str, note: str, end: int) -> ListEvent:
    transition = ListTransition.CUT
    if gradual_frames:
        transition = ListTransition.WIPE if kind.lower() == "wipe" else ListTransition.DISSOLVE
    return ListEvent(start, end, start, end, "", transition, gradual_frames, note)
