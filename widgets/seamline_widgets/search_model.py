"""What a search has found, as rows, with the pictures that stand for them."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtGui import QImage

from seamline_widgets.pictured_model import PicturedModel, PictureKey


@dataclass(frozen=True, slots=True)
class HitItem:
    """A row: the shot [start_frame, end_frame) of the film of that fingerprint, and its best frame.

    `title` is such as “Shot 12”, `name` the editor's own for it. `film_name` is empty where one film alone is searched;
    `is_elsewhere`: the film is not the one that is open. `score` is the cosine with what is looked for; `strength_01`
    how far it sticks out.
    """

    film: str
    frame: int
    start_frame: int
    end_frame: int
    title: str
    name: str
    timecode: str
    score: float
    strength_01: float
    film_name: str = ""
    is_elsewhere: bool = False

    @property
    def key(self) -> PictureKey:
        return self.film, self.frame

    @property
    def picture_keys(self) -> tuple[PictureKey]:
        return (self.key,)

    @property
    def score_text(self) -> str:
        """Such as “.31”."""
        return f"{self.score:.2f}".replace("0.", ".", 1)

    @property
    def sentence(self) -> str:
        """All of it, for a screen reader."""
        parts = [self.film_name, self.title, self.name, self.timecode, f"score {self.score_text}"]
        return ", ".join(part for part in parts if part)


class HitModel(PicturedModel[HitItem]):
    """Rows are `items`, the best first; `pictures` are those known, of all hits' best frames."""

    def __init__(self) -> None:
        super().__init__()
        self._keys: set[PictureKey] = set()

    def replace(self, items: tuple[HitItem, ...]) -> None:
        self._keys = {item.key for item in items}
        super().replace(items)

    def row_of(self, key: PictureKey) -> int:
        """The row of that hit, or of the shot that the frame lies in: which of a shot's frames is its best may change
        with its seams. -1 for none."""
        film, frame = key
        exact = (row for row, item in enumerate(self.items) if item.key == key)
        around = (
            row
            for row, item in enumerate(self.items)
            if item.film == film and item.start_frame <= frame < item.end_frame
        )
        return next(exact, next(around, -1))

    def keep_picture(self, key: PictureKey, image: QImage) -> list[PictureKey]:
        """Keep it if it is of a hit; gives those that are not kept (any more)."""
        return super().keep_picture(key, image) if key in self._keys else [key]
