"""Files of any kind that are either written whole or not at all."""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path

from seamline.errors import ExchangeError

_NO_SPACE = frozenset({errno.ENOSPC, errno.EFBIG} | ({errno.EDQUOT} if hasattr(errno, "EDQUOT") else set()))
_FORBIDDEN = frozenset({errno.EACCES, errno.EPERM, errno.EROFS})


class TargetExistsError(ExchangeError):
    """There is a file of that name, and overwriting was not allowed."""


def check_target(path: Path, overwrite: bool, *, sources: Iterable[Path] = ()) -> None:
    """Nothing, where `written_whole` could write `path` now; call it before hours of work.

    `sources`: files that are never written over, such as the film itself. Tries the folder with a file of
    0 bytes, for permission bits alone do not tell (network drives, read-only disks). Raises ExchangeError.
    """
    target = Path(os.path.realpath(path))  # a link is written through, not replaced
    try:
        _refuse_unfit(path, target, overwrite, sources)
        temporary = _temporary_beside(target)
        try:
            temporary.open("xb").close()
        finally:
            temporary.unlink(missing_ok=True)
    except OSError as error:
        raise _explained(path, error) from error


@contextlib.contextmanager
def written_whole(path: Path, *, overwrite: bool, sources: Iterable[Path] = ()) -> Iterator[Path]:
    """A path beside `path`, with its suffix, to write to; it takes the name `path` at the end, in one step.

    Nobody ever sees a half-written file, and what is there is on the disk. Where anything fails, the target is as
    it was, and nothing is left. Without `overwrite` a file that appears meanwhile is not touched either. `sources`
    are never written over. Raises ExchangeError.
    """
    target = Path(os.path.realpath(path))  # a link is written through, not replaced
    try:
        _refuse_unfit(path, target, overwrite, sources)
        part = _temporary_beside(target, target.suffix)
        try:
            yield part
            with part.open("rb+") as file:
                os.fsync(file.fileno())
            if overwrite:
                if target.exists():
                    with contextlib.suppress(OSError):
                        shutil.copymode(target, part)
                part.replace(target)
            else:
                take_free_name(part, target)
        finally:
            with contextlib.suppress(OSError):
                part.unlink(missing_ok=True)
    except OSError as error:
        raise _explained(path, error) from error


def write_text_atomically(path: Path, text: str, *, overwrite: bool, sources: Iterable[Path] = ()) -> None:
    """`text` as UTF-8 at `path`, line ends as they are, whole or not at all. Raises ExchangeError."""
    data = text.encode("utf-8")
    with written_whole(path, overwrite=overwrite, sources=sources) as part:
        part.write_bytes(data)


def make_folder(path: Path) -> None:
    """The folder at `path`, made with those above it if it is not there. Raises ExchangeError."""
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ExchangeError(
            f"The folder “{path}” cannot be made ({error.strerror or error}): choose another one."
        ) from error


def _temporary_beside(target: Path, suffix: str = ".part") -> Path:
    # short: the target's own name may be as long as names can be
    return target.with_name(f".seamline-{secrets.token_hex(8)}{suffix if len(suffix) < 100 else ''}")


def take_free_name(temporary: Path, target: Path) -> None:
    """Give `temporary` the name `target`, in one step, only if it is free. Raises FileExistsError."""
    try:
        os.link(temporary, target)
    except FileExistsError:
        raise
    except OSError:
        # no hard links here (FAT, many network drives): reserve the name, then replace the reservation
        target.open("xb").close()
        try:
            temporary.replace(target)
        except BaseException:
            target.unlink(missing_ok=True)
            raise


def _refuse_unfit(path: Path, target: Path, overwrite: bool, sources: Iterable[Path]) -> None:
    if target.is_dir():
        raise ExchangeError(f"“{path}” is a folder: add a file name.")
    if not target.parent.is_dir():
        raise ExchangeError(
            f"“{path}” cannot be written: there is no folder “{target.parent}”. Create it or choose another."
        )
    if not target.exists():
        return
    if any(source.exists() and target.samefile(source) for source in sources):
        raise ExchangeError(f"“{path}” is the film itself: choose another name.")
    if not target.is_file():
        raise ExchangeError(f"“{path}” is not a regular file: choose another name.")
    if not overwrite:
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(path))
    if not os.access(target, os.W_OK):
        raise ExchangeError(f"“{path}” is write-protected: choose another name, or lift its protection.")


def _explained(path: Path, error: OSError) -> ExchangeError:
    """What went wrong, and what to do, in a sentence."""
    if error.errno == errno.EEXIST:
        return TargetExistsError(
            f"“{path}” exists already: choose another name, or allow it to be overwritten."
        )
    if error.errno in _NO_SPACE:
        reason = "the disk is full, or its quota is used up. Free some space or choose another folder."
    elif error.errno in _FORBIDDEN:
        reason = "you may not write in that folder. Choose another folder, or ask for the permission."
    elif error.errno == errno.ENAMETOOLONG:
        reason = "the name is too long. Choose a shorter one."
    else:
        reason = f"{error.strerror or error}. Choose another folder, or try again."
    return ExchangeError(f"“{path}” was not written: {reason}")
