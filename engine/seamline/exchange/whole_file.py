"""Files of any kind that are either written whole or not at all."""

from __future__ import annotations

import contextlib
import os
import secrets
from collections.abc import Iterable, Iterator
from pathlib import Path

from seamline.errors import ExchangeError
from seamline.exchange.files import TargetExistsError, check_target, take_free_name


@contextlib.contextmanager
def written_whole(path: Path, *, overwrite: bool, sources: Iterable[Path] = ()) -> Iterator[Path]:
    """A path beside `path`, with its suffix, to write to; it takes the name `path` at the end, in one step.

    Where anything fails the target is as it was, and nothing is left. Without `overwrite` a file that appears
    meanwhile is not touched. `sources` are never written over. Raises ExchangeError.
    """
    check_target(path, overwrite, sources=sources)
    target = Path(os.path.realpath(path))  # a link is written through, not replaced
    part = target.with_name(f".seamline-{secrets.token_hex(8)}{target.suffix}")
    try:
        yield part
        if overwrite:
            part.replace(target)
        else:
            take_free_name(part, target)
    except FileExistsError as error:
        raise TargetExistsError(
            f"“{path}” exists already: choose another name, or allow it to be overwritten."
        ) from error
    except OSError as error:
        raise ExchangeError(
            f"“{path}” was not written ({error.strerror or error}): make room, or choose another folder."
        ) from error
    finally:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)
