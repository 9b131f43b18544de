"""Text from other programs, whatever they wrote it in."""

from __future__ import annotations

import codecs


def text_of_bytes(data: bytes) -> str:
    """UTF-8, UTF-16 with or without its mark, else Windows' Latin letters; without the mark, and never refused.

    What cannot be a letter becomes U+FFFD.
    """
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return data.decode("utf-16", errors="replace")
    head = data[:200]
    if len(head) > 1 and head.count(0) > len(head) // 3:
        return data.decode("utf-16-le" if head[1] == 0 else "utf-16-be", errors="replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")
