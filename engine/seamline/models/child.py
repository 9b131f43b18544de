"""Work in a process of its own, which can be broken off at any moment."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence

from seamline.progress import Progress


def run_child(command: Sequence[str], progress: Progress | None, limit_s: float) -> tuple[int, str]:
    """Exit code of `command`, and what it complained of.

    Cancelling ends it. Raises Cancelled, OSError, or subprocess.TimeoutExpired after `limit_s`; then it has ended.
    """
    with subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        errors="replace",
        env=os.environ | {"PYTHONIOENCODING": "utf-8"},
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
