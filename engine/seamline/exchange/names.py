"""The names of a film as cut lists can hold them."""

from __future__ import annotations

import re
import unicodedata

from seamline.project.types import Project

REEL_LENGTH = 8
TITLE_LENGTH = 70
SHOT_NAME_LENGTH = 40
"""Of a shot's name in the name of a file."""

# letters that a dictionary writes out, and signs that have a plain twin; NFKD folds the rest
_WRITTEN_OUT = str.maketrans(
    {
        "ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "ß": "ss", "ẞ": "SS",
        "æ": "ae", "Æ": "Ae", "œ": "oe", "Œ": "Oe", "ø": "o", "Ø": "O", "å": "a", "Å": "A",
        "ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ð": "d", "Ð": "D", "þ": "th", "Þ": "Th", "ı": "i",
        "‘": "'", "’": "'", "‚": "'", "“": '"', "”": '"', "„": '"', "«": '"', "»": '"',
        "‐": "-", "‑": "-", "‒": "-", "–": "-", "—": "-", "⁄": "/", "×": "x",
    }
)  # fmt: skip

# readers take these for black and for colour bars
_RESERVED_REELS = frozenset({"BL", "BLACK", "BARS"})


def clean_text(text: str) -> str:
    """`text` as valid Unicode: what a file name holds that is no character becomes U+FFFD."""
    return re.sub("[\ud800-\udfff]", "\ufffd", text)


def ascii_text(text: str) -> str:
    """`text` in printable ASCII: accents folded, German and Nordic letters written out, other scripts as “_”.

    Control characters and runs of white space become one space.
    """
    composed = unicodedata.normalize("NFC", clean_text(text)).translate(_WRITTEN_OUT)
    return " ".join("".join(map(_ascii_character, composed)).split())


def _ascii_character(character: str) -> str:
    if " " <= character <= "~":
        return character
    category = unicodedata.category(character)
    if category in ("Cc", "Zl", "Zp"):
        return " "
    if category.startswith("M") or category == "Cf":
        return ""
    folded = unicodedata.normalize("NFKD", character).translate(_WRITTEN_OUT)
    return "".join(c for c in folded if " " <= c <= "~") or "_"


def file_name_part(text: str, length: int) -> str:
    """`text` as every file system takes it: letters, digits, “.”, “_” and “-”, at most `length`; maybe nothing."""
    return re.sub(r"[^A-Za-z0-9._-]+", "_", ascii_text(text)).strip("._-")[:length].rstrip("._-")


def edl_title(project: Project) -> str:
    """The film's name without its suffix, in ASCII, at most 70 characters."""
    return ascii_text(project.film.path.stem)[:TITLE_LENGTH].strip() or "Untitled"


def edl_clip_name(project: Project) -> str:
    """The film's file name with its suffix, in ASCII: what editing systems match against the media."""
    return ascii_text(project.film.path.name) or "Untitled"


def edl_reel(project: Project) -> str:
    """The reel for a CMX3600 list, 1 to 8 of A-Z, 0-9, _: the editor's, else the file's, else the file name.

    AX, the auxiliary source, stands where none of them holds a letter or digit. A name that readers take for
    black or colour bars gets a “_”.
    """
    for name in (project.reel, project.film.info.reel, project.film.path.stem):
        reel = re.sub(r"[^A-Z0-9]+", "_", ascii_text(name or "").upper()).strip("_")[:REEL_LENGTH].rstrip("_")
        if reel:
            return f"{reel}_" if reel in _RESERVED_REELS else reel
    return "AX"
