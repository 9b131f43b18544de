"""Running other programs: quiet, visible, and with the reason at hand when one fails."""

from __future__ import annotations

import os
import platform
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

LEFT_OUT_OF_PIP = ("PIP_USER", "PIP_TARGET", "PIP_PREFIX", "PIP_REQUIRE_VIRTUALENV")

NO_NETWORK = re.compile(
    "NewConnectionError|NameResolutionError|ConnectTimeout|ReadTimeout|ProxyError|SSLError|ConnectionError|"
    "Connection refused|timed out|Temporary failure|getaddrinfo failed|Network is unreachable|Max retries"
)


class SetupError(Exception):
    """The set-up cannot go on; the message is a sentence with the reason and the next step."""


@dataclass(frozen=True)
class Finished:
    """Exit code and whole output (stdout and stderr together) of a program that ended."""

    code: int
    output: str


class Run(Protocol):
    """Runs a command to its end; code 127 when there is no such program."""

    def __call__(self, command: Sequence[str], *, cwd: Path | None = None) -> Finished: ...


def say(line: str) -> None:
    """Show one line of the set-up, on stderr."""
    print(line, file=sys.stderr, flush=True)


def run(command: Sequence[str], *, cwd: Path | None = None) -> Finished:
    """The finished command; meanwhile a terminal shows what it does, on one line that is wiped afterwards."""
    try:
        process = subprocess.Popen(
            command,
            cwd=cwd,
            env=clean_environment(os.environ),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="replace",
        )
    except FileNotFoundError as error:
        return Finished(127, str(error))
    lines: list[str] = []
    doing = ""
    with process:
        try:
            for line in process.stdout or ():
                share = re.fullmatch(r"Progress (\d+) of (\d+)\s*", line)  # pip's raw progress bar
                if share is None:
                    lines.append(line)
                    doing = " ".join(line.split())
                    show_passing(doing)
                elif int(share[2]):
                    show_passing(f"{doing}  {100 * int(share[1]) // int(share[2])} %")
        except KeyboardInterrupt:
            # the terminal interrupts the child as well; leave no half-dead installer behind
            process.terminate()
            process.wait()
            raise
        finally:
            show_passing("")
    return Finished(process.returncode, "".join(lines))


def clean_environment(environment: Mapping[str, str]) -> dict[str, str]:
    """`environment` without what would make pip install elsewhere; a user's own package index stays."""
    return {name: value for name, value in environment.items() if name not in LEFT_OUT_OF_PIP}


def show_passing(text: str) -> None:
    """Write `text` over the terminal's last passing line; nothing where stderr is no terminal."""
    if sys.stderr.isatty():
        width = shutil.get_terminal_size().columns - 1
        sys.stderr.write("\r" + ("  " + text)[:width].ljust(width) + "\r")
        sys.stderr.flush()


def reason_of(output: str) -> str:
    """Sentence that says why an installer's `output` ends in a failure, and what to do about it."""
    if re.search(r"No space left on device|Errno 28|not enough space on the disk", output):
        return "The disk is full. Make room (the set-up takes about 3 GB), then run the same command again."
    if NO_NETWORK.search(output):
        return "The network cannot be reached. Check the connection, then run the same command again."
    # pip says the second where a pinned version is not to be had
    no_build = r"No matching distribution found for (\S+)|Cannot install (.+?) because these package versions"
    if match := re.search(no_build, output):
        here = f"{sys.version_info[0]}.{sys.version_info[1]}, {platform.system()} {platform.machine()}"
        return (
            f"The package index has no fitting build of {match[1] or match[2]} for this Python ({here}). "
            "Use a 64-bit Python 3.11 to 3.13 on Linux, on Windows (x64) or on a Mac with Apple silicon."
        )
    if re.search(r"Permission denied|Errno 13|Access is denied", output):
        return "Writing is not permitted, or a program still uses .venv. Close it or change the permissions."
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    errors = [line for line in lines if re.match(r"(ERROR|error|E): ?", line)]
    said = (errors or lines or ["nothing"])[-1]
    return f"It said: {said}"
