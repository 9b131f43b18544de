"""The colours of labels on the timeline: the surer, the stronger, and always with words that can be read."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from PySide6.QtGui import QColor

from seamline_resources import palette
from seamline_widgets.timeline_sheet import pixel

_STEPS = 8  # of strength: more could not be told apart
_FAINTEST, _STRONGEST = 0.28, 0.84  # of the colour over the dark row, for what the analysis says
_FAINT_BELOW = 0.4  # a class that is less likely is seldom said to be one at all
_UNSURE = "#2c2c2c"
DIMMED = 0.35  # how much of the surroundings' colour lies over what is outside of the in and out points
_INKS = (palette.TEXT_STRONG, palette.PICTURE_SURROUND, "#ffffff", "#000000")
_ENOUGH = 4.5  # WCAG 2.2, success criterion 1.4.3

TintKey = tuple[str | None, int, bool]
Rgb = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Tint:
    """How a block is filled, `rgb` and as a pixel, and the colour of words on it; also as it is dimmed."""

    rgb: Rgb
    ink: str
    dimmed: Rgb
    dimmed_ink: str
    is_unsure: bool

    @property
    def pixel(self) -> int:
        return pixel(QColor(*self.rgb).name())

    @property
    def dimmed_pixel(self) -> int:
        return pixel(QColor(*self.dimmed).name())

    @staticmethod
    def key(colour: str | None, strength_01: float, *, is_user: bool) -> TintKey:
        """What looks alike has the same key."""
        if colour is None:
            return None, 0, is_user
        share = (strength_01 - _FAINT_BELOW) / (1 - _FAINT_BELOW)
        return colour, _STEPS if is_user else round(min(max(share, 0.0), 1.0) * _STEPS), is_user

    @classmethod
    def of(cls, key: TintKey) -> Tint:
        return _tint(key)


@lru_cache(maxsize=4096)
def _tint(key: TintKey) -> Tint:
    colour, step, is_user = key
    opacity = 1.0 if is_user else _FAINTEST + (_STRONGEST - _FAINTEST) * step / _STEPS
    rgb = _rgb(_UNSURE) if colour is None else mixed(ROW_RGB, _rgb(colour), opacity)
    dimmed = mixed(rgb, SURROUND_RGB, DIMMED)
    if colour is None:
        return Tint(rgb, palette.TEXT, dimmed, palette.TEXT, is_unsure=True)
    return Tint(rgb, ink_on(rgb), dimmed, ink_on(dimmed), is_unsure=False)


def ink_on(ground: Rgb) -> str:
    """The colour of words that can be read there; one of black and white always has a contrast above 4.5."""
    quiet = max(_INKS[:2], key=lambda ink: contrast(_rgb(ink), ground))
    if contrast(_rgb(quiet), ground) >= _ENOUGH:
        return quiet
    return max(_INKS, key=lambda ink: contrast(_rgb(ink), ground))


def contrast(one: Rgb, other: Rgb) -> float:
    """The ratio of luminances, 1 to 21, as WCAG 2.2 defines it."""
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def mixed(under: Rgb, over: Rgb, opacity: float) -> Rgb:
    """A colour laid over another."""
    red, green, blue = (round(a + (b - a) * opacity) for a, b in zip(under, over, strict=True))
    return red, green, blue


def _luminance(rgb: Rgb) -> float:
    parts = [part / 255 for part in rgb]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _rgb(colour: str) -> Rgb:
    known = QColor(colour)
    return known.red(), known.green(), known.blue()


ROW_RGB, SURROUND_RGB = _rgb(palette.WINDOW), _rgb(palette.PICTURE_SURROUND)
