"""The error of a command that was given something that cannot be."""

from __future__ import annotations

from seamline.errors import SeamlineError


class UsageError(SeamlineError):
    """Nothing was done; the command must be given again, otherwise."""
