"""What is looked for: words and pictures, wanted or not, as terms for the search and as chips for the eye."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QImage

from seamline.project.types import Project
from seamline_app.jobs.search_terms import FilmFrame, Part, Picture, PictureFile, Role, Term, Words
from seamline_widgets.search_chips import Chip
from seamline_widgets.search_model import HitItem

_CHIP_PICTURE = QSize(128, 72)
_WORDS_KEY = 0


class SearchQuery:
    """Terms by key; that of the words is always the same, and the first."""

    def __init__(self) -> None:
        self._terms: dict[int, Term] = {}
        self._next = 1

    @property
    def terms(self) -> tuple[Term, ...]:
        return tuple(self._terms[key] for key in sorted(self._terms))

    @property
    def chips(self) -> tuple[Chip, ...]:
        """None for words alone, which stand in the field already."""
        if set(self._terms) <= {_WORDS_KEY}:
            return ()
        return tuple(
            Chip(key, term.name, term.role is Role.UNWANTED, term.image)
            for key, term in sorted(self._terms.items())
        )

    def is_words(self, key: int) -> bool:
        return key == _WORDS_KEY

    def clear(self) -> None:
        self._terms.clear()

    def remove(self, key: int) -> None:
        self._terms.pop(key, None)

    def set_words(self, words: str) -> None:
        """Have these beside the pictures; none for an empty text."""
        self._terms.pop(_WORDS_KEY, None)
        if words:
            self._terms[_WORDS_KEY] = Term(Words(words), f"“{words}”")

    def put_frame(self, project: Project, frame: int, image: QImage, region: QRectF | None = None) -> None:
        """A frame of the project's film, or the part `region` of its picture, in shares of its size; `image` shows the
        whole frame, and may be empty."""
        shares = None if region is None else (region.x(), region.y(), region.width(), region.height())
        part = FilmFrame(project.film.fingerprint, project.film.path, frame, shares)
        name = f"{'like' if region is None else 'part of'} {project.timecode(frame)}"
        if region is not None and not image.isNull():
            wide, high = image.width(), image.height()
            box = QRectF(region.x() * wide, region.y() * high, region.width() * wide, region.height() * high)
            image = image.copy(box.toAlignedRect().intersected(image.rect()))
        self._add(part, name, Role.WANTED, image)

    def put_file(self, path: Path) -> None:
        self._add(PictureFile(path, self._next), f"like “{path.name}”", Role.WANTED, None)

    def put_picture(self, image: QImage) -> None:
        self._add(Picture(image), "like the picture given", Role.WANTED, image)

    def set_picture(self, part: Part, image: QImage) -> bool:
        """That part looks like `image`; whether its chip had no picture before."""
        for key, term in self._terms.items():
            if term.part == part and term.image is None:
                self._terms[key] = replace(term, image=_small(image))
                return True
        return False

    def take_away(self, part: Part) -> None:
        """Look for it no more."""
        self._terms = {key: term for key, term in self._terms.items() if term.part != part}

    def add_hit(self, item: HitItem, path: Path, role: Role, image: QImage | None) -> None:
        """More or less of what was found; said again of the same, it is the last word that counts."""
        part = FilmFrame(item.film, path, item.frame)
        for key in [key for key, term in self._terms.items() if term.part == part]:
            del self._terms[key]
        where = f"{item.film_name} {item.timecode}".strip()
        self._add(part, where if role is Role.UNWANTED else f"like {where}", role, image)

    def _add(self, part: Part, name: str, role: Role, image: QImage | None) -> None:
        self._terms[self._next] = Term(part, name, role, _small(image))
        self._next += 1


def _small(image: QImage | None) -> QImage | None:
    if image is None or image.isNull():
        return None
    return image.scaled(
        _CHIP_PICTURE, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
    )
