"""What an editor should know about a film before trusting a cut list of it."""

from __future__ import annotations

from seamline.media.film import Film

_SHORT_SHARE = 0.02
_SHORT_S = 1.0


def remarks(film: Film) -> list[str]:
    """Sentences for the user, none for a film like any other."""
    said = []
    promised_s, found_s = film.info.duration_s, float(film.index.duration)
    is_short = promised_s is not None and promised_s - found_s > max(_SHORT_S, _SHORT_SHARE * promised_s)
    if is_short:
        said.append(
            f"“{film.path.name}” is cut short: its header promises {promised_s:.1f} s of picture, its frames end "
            f"at {found_s:.1f} s. What is there can be worked on; copy the film again for the rest."
        )
    elif film.index.is_variable:
        said.append(
            f"The frames of “{film.path.name}” are not evenly spaced: its rate varies, or frames were lost. Cut "
            f"lists count on a constant {float(film.rate):g} frames/s: conform them to a copy converted to that rate."
        )
    return said
