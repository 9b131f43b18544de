"""Work in a process of its own, which can be broken off at any moment."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence
from pathlib import Path

from seamline.progress import Progress


def run_child(
    command: Sequence[str], progress: Progress | None, limit_s: float, *, temporary: Path | None = None
) -> tuple[int, str]:
    """Exit code of `command`, and what it complained of.

    `temporary`: the folder for its own temporary files, which it cannot tidy up when it is broken off. Cancelling
    ends it. Raises Cancelled, OSError, or subprocess.TimeoutExpired after `limit_s`; then it has ended.
    """
    # safe: else Python would look for modules in the folder that the user happens to be in, before its own
    environment = os.environ | {"PYTHONIOENCODING": "utf-8", "PYTHONSAFEPATH": "1"}
    if temporary is not None:
        environment |= dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(temporary))
    with subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        errors="replace",
        env=environment,
    ) as child:
        take_back = progress.on_cancel(child.terminate) if progress is not None else None
        try:
            _, complaint = child.communicate(timeout=limit_s)
        except BaseException:
            child.kill()
            raise
        finally:
            if take_back is not None:
                take_back()
    if progress is not None:
        progress.step(0, 1)
    return child.returncode, complaint
