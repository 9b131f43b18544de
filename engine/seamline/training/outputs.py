"""What a training run writes: never over what it reads, which may be a film that there is once in the world."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from seamline.errors import ExchangeError
from seamline.exchange.files import check_target


def check_outputs(
    out: Path,
    suffix: str,
    others: Sequence[Path] = (),
    *,
    inputs: Iterable[Path],
    reports: Sequence[Path] = (),
) -> None:
    """Nothing, where a run could write all of these now, over what is there; call it before hours of work.

    `out` must end with `suffix`. `reports` get their names from it without anybody having said so: they are written
    over where `out` is there as well, as an earlier run has left them. `inputs`: whatever the run reads. Raises
    ExchangeError.
    """
    if out.suffix.lower() != suffix:
        raise ExchangeError(f"“{out}” does not end with {suffix}: choose a name that does.")
    read = list(dict.fromkeys(inputs))
    for path in (out, *reports, *others):
        input_ = next((each for each in read if _are_one(path, each)), None)
        if input_ is not None:
            what = "what this training reads" if input_ == path else f"“{input_}”, which this training reads"
            raise ExchangeError(
                f"“{path}” would be written over, and it is {what}: choose another place or name for what it writes."
            )
        if path in reports and path.exists() and not out.exists():
            raise ExchangeError(
                f"“{path}” is there already, and a report would be written over it: choose another name for "
                f"“{out.name}”, or rename that file."
            )
        check_target(path, overwrite=True)


def _are_one(path: Path, other: Path) -> bool:
    try:
        return path.samefile(other)
    except OSError:  # what is not there is told by whoever reads it
        return False
