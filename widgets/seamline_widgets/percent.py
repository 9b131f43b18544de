"""How shares are written everywhere: without decimals, a thin space before the sign."""

from __future__ import annotations


def percent_text(share_01: float) -> str:
    """Such as `83 %`; what there is little of is not said to be nothing: `<1 %`."""
    text = "<1%" if 0 < share_01 < 0.005 else f"{share_01:.0%}"
    return text.replace("%", "\u2009%")
