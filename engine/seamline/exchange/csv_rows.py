"""The rows of a table of comma-separated values, with faults told as sentences."""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TypeVar

from seamline.errors import ExchangeError

Row = Mapping[str, str | None]
_T = TypeVar("_T")


def has_columns(path: Path, wanted: Sequence[str]) -> Callable[[Sequence[str]], None]:
    """The check of `read_rows` that all `wanted` are among the names of the columns; raises ExchangeError."""

    def check(columns: Sequence[str]) -> None:
        if lacking := [column for column in wanted if column not in columns]:
            raise ExchangeError(
                f"“{path}” lacks the columns {', '.join(lacking)}: its first line must name them."
            )

    return check


def read_rows(
    path: Path,
    check: Callable[[Sequence[str]], None],
    row_of: Callable[[Row, Path, int], _T],
    *,
    most_mib: int | None = None,
) -> tuple[_T, ...]:
    """What `row_of(row, path, line number)` makes of every row; `check(names of the columns)` comes first.

    Raises ExchangeError, as both may, also for a file larger than `most_mib`.
    """
    try:
        if most_mib is not None and path.stat().st_size > most_mib << 20:
            raise ExchangeError(f"“{path}” is larger than {most_mib} MiB: divide it.")
        with path.open(newline="", encoding="utf-8-sig") as file:
            reader = csv.DictReader(file)
            check(reader.fieldnames or ())
            return tuple(row_of(row, path, reader.line_num) for row in reader)
    except UnicodeDecodeError as error:
        raise ExchangeError(f"“{path}” is not a text file in UTF-8: save it as CSV (UTF-8).") from error
    except csv.Error as error:
        raise ExchangeError(f"“{path}” is not a table of comma-separated values ({error}).") from error
    except OSError as error:
        reason = error.strerror or error
        raise ExchangeError(
            f"“{path}” cannot be read ({reason}): check the name and its permissions."
        ) from error
