"""What a sheet or report says of a film, in words."""

from __future__ import annotations

import re
from fractions import Fraction

from seamline.exchange.names import clean_text
from seamline.project.types import Project

_RATE_NAMES = {Fraction(24000, 1001): "23.976", Fraction(48000, 1001): "47.952"}


def film_title(project: Project) -> str:
    """The film's file name without its suffix, on one line, without control characters."""
    return shown_text(project.film.path.stem) or "Untitled"


def shown_text(text: str) -> str:
    """`text` as it can be shown anywhere: valid Unicode, control characters and runs of white space as one space."""
    return " ".join(re.sub("[\x00-\x1f\x7f-\x9f\u2028\u2029]", " ", clean_text(text)).split())


def film_line(project: Project) -> str:
    """The film in one line, such as “24 shots · 1:05.12 · 1920 × 1080 · 25 frames/s · from 01:00:00:00”."""
    width, height = project.film.info.display_size
    count = len(project.shots)
    return " · ".join(
        [
            f"{count} shot" if count == 1 else f"{count} shots",
            duration_text(project.film.index.duration),
            f"{width} × {height}",
            rate_text(project),
            f"from {project.timecode(0)}",
        ]
    )


def rate_text(project: Project) -> str:
    """The film's rate as editors say it, such as “25 frames/s” or “29.97 frames/s, drop frame”."""
    rate = project.film.rate
    name = _RATE_NAMES.get(rate, f"{float(rate):.2f}".rstrip("0").rstrip(".")) + " frames/s"
    if project.film.index.is_variable:
        return f"{name}, variable"
    return f"{name}, drop frame" if project.timecode_rate.drop_frame else name


def duration_text(duration_s: Fraction) -> str:
    """Hours, minutes, seconds and hundredths, rounded: “1:05.12”, “1:40:00.00”."""
    hundredths = round(duration_s * 100)
    minutes, hundredths = divmod(hundredths, 6000)
    hours, minutes = divmod(minutes, 60)
    seconds = f"{hundredths // 100:02d}.{hundredths % 100:02d}"
    return f"{hours}:{minutes:02d}:{seconds}" if hours else f"{minutes}:{seconds}"


def length_text(length_s: Fraction | float) -> str:
    """A shot's length in seconds to a hundredth, from a minute on in minutes: “3.20 s”, “1:05.12”."""
    length = Fraction(length_s)
    return duration_text(length) if round(length * 100) >= 6000 else f"{float(length):.2f} s"
