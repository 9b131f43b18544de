"""Standard output that may end early: a reader who leaves, a disk that is full."""

from __future__ import annotations

import contextlib
import io
import os
import sys
from collections.abc import Collection, Sequence
from typing import TextIO

from seamline.errors import ExchangeError


def put_out(text: str) -> None:
    """Write to standard output, to the end. Raises ExchangeError, or BrokenPipeError if nobody reads it any more."""
    output: TextIO | None = sys.stdout  # Python sets it to None where the process was given none
    if output is None:
        raise ExchangeError("There is no standard output to write to: name a file, such as --csv cuts.csv.")
    try:
        if isinstance(output, io.TextIOWrapper):
            output.reconfigure(errors=_handler(text, output.encoding))
        output.write(text)
        output.flush()
    except BrokenPipeError:
        drop_output()
        raise
    except OSError as error:
        drop_output()
        raise ExchangeError(
            f"The output could not be written ({error.strerror}): make room, or choose another place."
        ) from error


def in_columns(rows: Sequence[Sequence[str]], right: Collection[int] = ()) -> str:
    """The rows as lines for people; the columns numbered in `right`, from 0, end in the same place."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = (
        "  ".join(
            cell.rjust(width) if column in right else cell.ljust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        for row in rows
    )
    return "".join(f"{line.rstrip()}\n" for line in lines)


def _handler(text: str, encoding: str) -> str:
    """How Python shall write what is no character: bytes in paths as they are; “?” for what the encoding lacks, as
    that of redirected output on Windows lacks most scripts."""
    try:
        text.encode(encoding, "surrogateescape")
    except UnicodeEncodeError:
        return "replace"
    return "surrogateescape"


def drop_output() -> None:
    """Send what standard output still holds nowhere, else Python fails on it once more at its end."""
    with contextlib.suppress(
        OSError, ValueError
    ):  # no file, where a test or another program has taken its place
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)
