"""The steps that make `.venv`: each is done when its part of the stamp is out of date, and only then."""

from __future__ import annotations

import contextlib
import json
import re
import shutil
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import setup_system
from setup_commands import Run, SetupError, reason_of, say
from setup_stamp import Layout, Level, Stamp, interpreter_key, models_key, packages_key

BUILD_TOOLS = ("hatchling", "editables", "setuptools")
# wheels only, or a compiler would be needed; but this one is published as (plain Python) source alone
WHEELS_ONLY = ("--only-binary=:all:", "--no-binary=timecode")
NETWORKS_CAN_WAIT = 3  # seamline.models.set_up ends so when what is missing is not needed to start
LARGE_TORCH = (
    "Note: the package index has PyTorch in its CUDA build, several GB. Seamline needs only the CPU build. "
    "To save the download, stop here with Ctrl+C, set PIP_EXTRA_INDEX_URL to PyTorch's index of CPU builds "
    "(its installation guide names it), and run the same command again."
)


def ensure(layout: Layout, level: Level, run: Run) -> None:
    """Bring the environment to `level`; returns at once when nothing is to be done. Raises SetupError."""
    if not left_to_do(layout, level):
        return
    layout.venv.mkdir(exist_ok=True)
    with only_set_up_here(layout.lock):
        steps = left_to_do(layout, level)  # another set-up may have done them meanwhile
        level = highest(Stamp.load(layout.stamp).level, level)
        started = time.monotonic()
        for step in steps:
            step(layout, level, run)
        if models in steps:
            say(f"Seamline is set up ({time.monotonic() - started:.0f} s).")


Step = Callable[[Layout, Level, Run], None]


def left_to_do(layout: Layout, level: Level) -> list[Step]:
    """The steps still to be done for `level`, in order. Reads a few small files, starts nothing."""
    done = Stamp.load(layout.stamp)
    usable = (
        done.interpreter == interpreter_key(layout)
        and not layout.unfinished.exists()
        and layout.program("python").is_file()
    )
    if not usable:
        return [system_libraries, environment, packages, models]
    if done.packages != packages_key(layout) or not done.covers(level):
        return [system_libraries, packages, models]
    steps: list[Step] = [name_missing_libraries] if done.missing_libraries else []
    if done.models != models_key(layout):
        steps.append(models)
    return steps


def highest(one: Level, other: Level) -> Level:
    """The level that covers both: a set-up with the test tools keeps them up to date."""
    return "test" if "test" in (one, other) else "run"


def system_libraries(layout: Layout, level: Level, run: Run) -> None:
    """Install the system libraries that are missing, or name them; never a reason to stop."""
    missing = setup_system.provide(level, layout.debian_packages, run)
    replace(Stamp.load(layout.stamp), missing_libraries=missing).save(layout.stamp)


def name_missing_libraries(layout: Layout, level: Level, run: Run) -> None:
    """Name the system libraries that an earlier set-up missed and that still are not there."""
    missing = setup_system.find(level, layout.debian_packages, run)
    if missing.names:
        say(missing.advice)
    replace(Stamp.load(layout.stamp), missing_libraries=missing.names).save(layout.stamp)


def environment(layout: Layout, level: Level, run: Run) -> None:
    """Make a new `.venv`, in place of an unfinished or outdated one of our own. Raises SetupError."""
    before = Stamp.load(layout.stamp)
    if layout.unfinished.exists():
        say("The last set-up was interrupted: starting afresh.")
    elif before.interpreter:
        say("The environment in .venv was made for another Python or place: making it anew.")
    elif (layout.venv / "pyvenv.cfg").exists():
        raise SetupError(
            f"{layout.venv} was not made by this set-up. Rename or delete it, then run this command again."
        )
    layout.unfinished.touch()
    clear(layout)
    say(f"Making .venv with Python {sys.version_info[0]}.{sys.version_info[1]}.")
    # from inside an environment, its own Python cannot make it anew
    python = getattr(sys, "_base_executable", None) or sys.executable
    command = [python, "-m", "venv", str(layout.venv)]
    finished = run(command)
    log(layout, command, finished.output)
    if finished.code and "ensurepip" in finished.output:
        raise SetupError(
            f"{python} comes without pip. {setup_system.how_to_get_pip()} Then run the same command again."
        )
    if finished.code:
        raise SetupError(f"Python could not make {layout.venv}. {reason_of(finished.output)}")
    Stamp(interpreter_key(layout), level, missing_libraries=before.missing_libraries).save(layout.stamp)
    layout.unfinished.unlink()


def packages(layout: Layout, level: Level, run: Run) -> None:
    """Install the project, editable, with everything it needs, as pinned. Raises SetupError."""
    layout.unfinished.touch()
    try:
        pip(layout, run, "Updating pip.", ["--upgrade", "pip"])
        pip(layout, run, "Installing the build tools.", BUILD_TOOLS)
        if sys.platform == "linux" and torch_is_large(layout, run):
            say(LARGE_TORCH)
        title = "Installing Seamline and what it needs; the first time this takes some minutes."
        extras = "[test]" if level == "test" else ""
        pip(layout, run, title, ["--progress-bar=raw", "--editable", f".{extras}"])
    except SetupError:
        # pip ended by itself and left things whole: the next try may build on them
        layout.unfinished.unlink()
        raise
    done = replace(Stamp.load(layout.stamp), level=level, packages=packages_key(layout), models="")
    done.save(layout.stamp)
    layout.unfinished.unlink()


def models(layout: Layout, _level: Level, run: Run) -> None:
    """Install the default networks into the environment; those that can wait, may. Raises SetupError."""
    say("Installing the default networks.")
    command = [str(layout.program("python")), "-m", "seamline.models.set_up", "install-defaults"]
    finished = run(command, cwd=layout.root)
    log(layout, command, finished.output)
    lines = finished.output.strip().splitlines()
    if finished.code == NETWORKS_CAN_WAIT and lines:
        say(f"Note: {lines[-1]}")  # without a stamp, so that the next start tries again
        return
    if finished.code == 1 and lines and "Traceback" not in finished.output:
        # its own sentence, with the next step
        raise SetupError(f"The default networks could not be installed. {lines[-1]}")
    if finished.code:
        raise SetupError(f"The default networks could not be installed. {reason_of(finished.output)}")
    replace(Stamp.load(layout.stamp), models=models_key(layout)).save(layout.stamp)


def pip(layout: Layout, run: Run, title: str, arguments: Sequence[str]) -> None:
    """Show `title` and have the environment's pip install `arguments` under the pins. Raises SetupError."""
    say(title)
    command = [str(layout.program("python")), "-m", "pip", "install", "--disable-pip-version-check"]
    command += [*WHEELS_ONLY, "--no-build-isolation", f"--constraint={layout.constraints}", *arguments]
    finished = run(command, cwd=layout.root)
    log(layout, command, finished.output)
    if finished.code:
        raise SetupError(f"pip failed. {reason_of(finished.output)} ({layout.log} holds all it said.)")


def torch_is_large(layout: Layout, run: Run) -> bool:
    """Whether pip would now install the torch build that brings CUDA; False where it cannot tell."""
    pin = re.search(r"^torch==\S+", layout.constraints.read_text("utf-8"), re.MULTILINE)
    report = layout.venv / "setup-torch.json"
    options = [
        "--dry-run",
        "--no-deps",
        "--only-binary=:all:",
        f"--report={report}",
        pin[0] if pin else "torch",
    ]
    run([str(layout.program("python")), "-m", "pip", "install", *options], cwd=layout.root)
    try:
        chosen = json.loads(report.read_text("utf-8"))["install"]
    except (OSError, ValueError, KeyError):
        return False
    finally:
        report.unlink(missing_ok=True)
    needs = [need for one in chosen for need in one["metadata"].get("requires_dist", [])]
    return any(need.startswith(("cuda-", "nvidia-")) for need in needs)


def clear(layout: Layout) -> None:
    """Empty the environment's folder, but for the set-up's own files. Raises SetupError."""
    keep = (layout.lock, layout.log, layout.unfinished, layout.stamp)
    for path in layout.venv.iterdir():
        if path in keep:
            continue
        try:
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path)
            else:
                path.unlink()
        except OSError as error:
            raise SetupError(
                f"{path} cannot be removed: {error.strerror}. Close the programs that use .venv, "
                "then run the same command again."
            ) from error


def log(layout: Layout, command: Sequence[str], output: str) -> None:
    """Append a command and its output to the set-up's log."""
    with layout.log.open("a", encoding="utf-8") as file:
        file.write(f"$ {' '.join(command)}\n{output}\n")


@contextlib.contextmanager
def only_set_up_here(path: Path) -> Iterator[None]:
    """Hold the lock at `path`, waiting for another set-up; the system frees it when a process dies."""
    with path.open("a+b") as file:
        waited = False
        while not try_lock(file.fileno()):
            if not waited:
                say("Another set-up is at work here: waiting for it.")
                waited = True
            time.sleep(0.2)
        yield


def try_lock(descriptor: int) -> bool:
    """Whether the open file could be locked for this process, at once."""
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        return False
    return True
