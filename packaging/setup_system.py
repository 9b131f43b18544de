"""The system libraries that Qt needs: found, installed where that is permitted, else named exactly."""

from __future__ import annotations

import ctypes
import os
import shutil
import sys
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import NamedTuple

from setup_commands import Run, reason_of, say
from setup_stamp import Level

# shared object, and who brings it on Arch; RPM systems install by the object's own name
SHARED_OBJECTS = {
    "libEGL.so.1": "libglvnd",
    "libGL.so.1": "libglvnd",
    "libxkbcommon.so.0": "libxkbcommon",
    "libdbus-1.so.3": "dbus",
    "libfontconfig.so.1": "fontconfig",
    "libglib-2.0.so.0": "glib2",
    "libpulse.so.0": "libpulse",
    "libXrandr.so.2": "libxrandr",
    "libXext.so.6": "libxext",
    "libxcb-cursor.so.0": "xcb-util-cursor",
    "libxcb-icccm.so.4": "xcb-util-wm",
    "libxcb-keysyms.so.1": "xcb-util-keysyms",
    "libxcb-shape.so.0": "libxcb",
    "libxcb-xkb.so.1": "libxcb",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11",
}
TEST_PROGRAMS = {"Xvfb": "xorg-server-xvfb", "xauth": "xorg-xauth"}


class Missing(NamedTuple):
    """Names of what is missing (none: nothing is), and the sentence that says how to get it."""

    names: tuple[str, ...]
    advice: str


def provide(level: Level, packages_file: Path, run: Run) -> tuple[str, ...]:
    """Names of what is missing after having tried to install it; says what it does."""
    missing = find(level, packages_file, run)
    if missing.names and is_debian():
        prefix = administrator_prefix(run)
        if prefix is not None:
            say(f"Installing system libraries: {' '.join(missing.names)}.")
            failed = apt_install(prefix, missing.names, run)
            missing = find(level, packages_file, run)
            if missing.names:
                say(f"apt-get could not install them. {failed}")
    if missing.names:
        say(missing.advice)
    return missing.names


def find(level: Level, packages_file: Path, run: Run) -> Missing:
    """What is missing on this system for `level`; changes nothing."""
    if sys.platform == "win32":
        return missing_windows_runtime()
    if not sys.platform.startswith("linux"):
        return Missing((), "")
    if is_debian():
        wanted = read_debian_packages(packages_file.read_text("utf-8"), level)
        if not has_ensurepip():
            wanted.append([venv_package()])
        return missing_debian_packages(wanted, installed_debian_packages(run))
    return missing_shared_objects(level)


def is_debian(release: Path = Path("/etc/os-release")) -> bool:
    """Whether the system that `release` describes is Debian or derived from it, and has its tools."""
    try:
        text = release.read_text("utf-8", "replace")
    except OSError:
        return False
    return "debian" in families(text) and shutil.which("dpkg-query") is not None


def families(os_release: str) -> set[str]:
    """The system's own name and those it is derived from, of the text of an os-release file."""
    values: Mapping[str, str] = dict(line.split("=", 1) for line in os_release.splitlines() if "=" in line)
    names = f"{values.get('ID', '')} {values.get('ID_LIKE', '')}".replace('"', "").replace("'", "")
    return set(names.lower().split()) | ({"debian"} if "ubuntu" in names.lower().split() else set())


def read_debian_packages(text: str, level: Level) -> list[list[str]]:
    """Packages for `level` of a debian-packages.txt, each with its names by age, newest first."""
    wanted: list[list[str]] = []
    section = ""
    for line in text.splitlines():
        entry = line.partition("#")[0].strip()
        if entry.startswith("["):
            section = entry.strip("[]")
        elif entry and section in ("run", level):
            wanted.append(entry.replace("|", " ").split())
    return wanted


def installed_debian_packages(run: Run) -> set[str]:
    """Names of all installed packages."""
    finished = run(["dpkg-query", "--show", "--showformat=${db:Status-Status} ${Package}\\n"])
    lines = (line.split(" ", 1) for line in finished.output.splitlines())
    return {words[1] for words in lines if words[0] == "installed" and len(words) == 2}


def missing_debian_packages(wanted: list[list[str]], installed: set[str]) -> Missing:
    """The packages of which no name is installed, by the name that they have on this release."""
    # every release with 64-bit time_t has such a package in its base system
    is_t64 = any(name.endswith("t64") for name in installed)
    names = tuple(name[0] if is_t64 else name[-1] for name in wanted if installed.isdisjoint(name))
    command = f"sudo apt-get install --no-install-recommends {' '.join(names)}"
    return Missing(names, f"For the window, system libraries are missing. To install them: {command}")


def administrator_prefix(run: Run) -> list[str] | None:
    """What to put before a command to run it as administrator without a question; None: not permitted."""
    if shutil.which("apt-get") is None:
        return None
    if os.geteuid() == 0:
        return []
    if run(["sudo", "-n", "true"]).code == 0:
        return ["sudo", "-n"]
    return None


def apt_install(prefix: list[str], names: Collection[str], run: Run) -> str:
    """Install the packages; the sentence that says why that failed, empty when it did not."""
    apt = [*prefix, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-o", "DPkg::Lock::Timeout=120"]
    updated = run([*apt, "update"])
    installed = run([*apt, "install", "--yes", "--no-install-recommends", *names])
    if installed.code == 0:
        return ""
    return reason_of(updated.output + installed.output)


def missing_shared_objects(level: Level) -> Missing:
    """What the dynamic linker does not find, and how this system's package manager gets it."""
    objects = [name for name in SHARED_OBJECTS if not is_loadable(name)]
    programs = [name for name in TEST_PROGRAMS if level == "test" and shutil.which(name) is None]
    names = (*objects, *programs)
    advice = f"For the window, these are missing: {', '.join(names)}. "
    rpm_names = [f"'{name}()(64bit)'" for name in objects] + [f"/usr/bin/{name}" for name in programs]
    arch_names = {SHARED_OBJECTS[name]: None for name in objects} | {
        TEST_PROGRAMS[name]: None for name in programs
    }
    if shutil.which("dnf"):
        advice += f"To install them: sudo dnf install {' '.join(rpm_names)}"
    elif shutil.which("zypper"):
        advice += f"To install them: sudo zypper install {' '.join(rpm_names)}"
    elif shutil.which("pacman"):
        advice += f"To install them: sudo pacman -S --needed {' '.join(arch_names)}"
    else:
        advice += "Install the packages of your system that hold them."
    return Missing(names, advice)


def is_loadable(shared_object: str) -> bool:
    """Whether the dynamic linker finds and loads the library."""
    try:
        ctypes.CDLL(shared_object)
    except OSError:
        return False
    return True


def missing_windows_runtime() -> Missing:
    """Microsoft's C++ runtime, where Windows lacks it: onnxruntime and torch load it."""
    if is_loadable("msvcp140.dll") and is_loadable("vcruntime140_1.dll"):
        return Missing((), "")
    advice = (
        "Microsoft's Visual C++ runtime is missing. To install it: "
        "winget install Microsoft.VCRedist.2015+.x64 (or take its x64 installer from Microsoft)"
    )
    return Missing(("Visual C++ runtime",), advice)


def has_ensurepip() -> bool:
    """Whether this Python can put pip into a new environment; Debian keeps that in a package of its own."""
    try:
        import ensurepip  # noqa: F401
    except ImportError:
        return False
    return True


def venv_package() -> str:
    """Debian's package that completes this Python."""
    return f"python{sys.version_info[0]}.{sys.version_info[1]}-venv"


def how_to_get_pip() -> str:
    """Sentence that says what makes this Python able to put pip into an environment."""
    if is_debian():
        return f"To add it: sudo apt-get install {venv_package()}."
    return "Install Python's ensurepip module, or Python from python.org."
