"""What of a text a project holds."""

from __future__ import annotations

from typing import TypeGuard

MAX_COMMENT_CHARS = 2000
"""Of what the editor writes about a shot, or about a pair of shots."""
MAX_TEXT_CHARS = 4096
"""Of a path, or of a reason."""
_MAX_FINGERPRINT_CHARS = 64
_HEX = frozenset("0123456789abcdef")


def is_unicode(text: str) -> bool:
    """Whether it can be written anywhere: not every file name is Unicode, and JSON can say half a character."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def is_stored_text(text: object) -> bool:
    """Whether SQLite and every file system hold it, and no more of it than anybody needs."""
    return isinstance(text, str) and len(text) <= MAX_TEXT_CHARS and "\0" not in text and is_unicode(text)


def is_fingerprint(text: object) -> TypeGuard[str]:
    """Whether it can be a film's: folders are called so."""
    return isinstance(text, str) and 0 < len(text) <= _MAX_FINGERPRINT_CHARS and _HEX.issuperset(text)
