"""A container's packets, down to its end."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeVar, cast

from av.container import InputContainer
from av.packet import Packet
from av.stream import Stream

_S = TypeVar("_S", bound=Stream)


def packets_of(container: InputContainer, *streams: _S) -> Iterator[Packet[_S]]:
    """The packets of `streams` (of all, if none is named), the empty ones that flush their decoders at the end."""
    try:
        # demux() is not typed by what it is asked for
        yield from cast("Iterator[Packet[_S]]", container.demux(*streams))
    except IndexError:
        # PyAV (up to 18.1) flushes streams, too, that a damaged film seems to gain on the way, and does not know
        # them; those that it had from the start have been flushed by then
        return
