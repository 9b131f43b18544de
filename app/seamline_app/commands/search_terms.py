"""What stands after `seamline search` and is no option: the words, then films, and folders with films in them."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from seamline.exchange.film_facts import shown_text
from seamline.project.locating import is_project_path
from seamline_app.commands.export import FILM_SUFFIXES, films_in
from seamline_app.usage import UsageError

PICTURE_SUFFIXES = frozenset((".bmp", ".gif", ".jpeg", ".jpg", ".png", ".tif", ".tiff", ".webp"))


def is_picture(text: str) -> bool:
    """Whether it names a picture file, there or not."""
    return Path(text).suffix.lower() in PICTURE_SUFFIXES


def is_film(text: str) -> bool:
    """Whether it names a film or a project, by its suffix."""
    path = Path(text)
    return path.suffix.lower() in FILM_SUFFIXES or is_project_path(path)


def words_and_films(terms: list[str], *, recursive: bool, is_more_asked: bool) -> tuple[str, list[Path]]:
    """What is to be looked for, and the films after it.

    `is_more_asked`: pictures or frames are looked for besides, so that there need not be a word. Raises UsageError
    for what may be meant as either.
    """
    at = len(terms)
    while at and _is_place(terms[at - 1]):
        at -= 1
    for text in terms[:at]:
        if _is_place(text):
            raise UsageError(f"The film “{shown_text(text)}” stands between the words: name films last.")
        if is_picture(text):
            raise UsageError(f"“{shown_text(text)}” is a picture: write --like before it.")
    words = " ".join(" ".join(terms[:at]).split())
    if at > 1 or (at == 1 and is_more_asked):
        _check_last_word(terms[at - 1], words)
    return words, films_at(map(Path, terms[at:]), recursive=recursive)


def films_at(paths: Iterable[Path], *, recursive: bool) -> list[Path]:
    """The films, each once; those in a folder in its stead. Raises UsageError where there is none in it."""
    films: list[Path] = []
    for path in paths:
        films += films_in(path, recursive=recursive) if path.is_dir() else [path]
    return list({os.path.realpath(path): path for path in films}.values())


def _is_place(text: str) -> bool:
    """Whether it names a film, a project or a folder. Raises UsageError for a place where nothing is."""
    if is_film(text) or text in (os.curdir, os.pardir):
        return True
    if not any(separator in text for separator in ("/", os.sep)):
        return False
    if is_picture(text):
        return False
    if not _is_there(text):
        raise UsageError(
            f"There is no film or folder “{shown_text(text)}”: check the name, or leave out the "
            f"“{os.sep if os.sep in text else '/'}” where words are meant."
        )
    return True


def _check_last_word(word: str, words: str) -> None:
    """Refuse a word that may be meant for a folder: searching elsewhere in silence is worse than asking."""
    if not _is_there(word):
        return
    shown, what = shown_text(word), "folder" if Path(word).is_dir() else "file"
    said = f"“{shown}” is also a {what} here: write “./{shown}” to look in it"
    if words != word:
        said += f", or quote the words, “{shown_text(words)}”, to look for them"
    raise UsageError(f"{said}.")


def _is_there(text: str) -> bool:
    try:
        return Path(text).exists()
    except OSError:
        return False  # longer than a name can be, say
