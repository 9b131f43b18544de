"""System libraries: which are missing, on which system, and what is done about it."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
import setup_system
from setup_commands import Finished
from setup_stamp import Level

DEBIAN = 'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nID=debian\nVERSION_ID="12"\n'
UBUNTU = 'NAME="Ubuntu"\nID=ubuntu\nID_LIKE=debian\n'
MINT = 'ID=linuxmint\nID_LIKE="ubuntu debian"\n'
ONLY_LIKE_UBUNTU = "ID=someone\nID_LIKE='ubuntu'\n"
FEDORA = 'NAME="Fedora Linux"\nID=fedora\n'
ROCKY = 'ID="rocky"\nID_LIKE="rhel centos fedora"\n'

LIST = "[run]\n# sound\nlibpulse0\nlibglib2.0-0t64 | libglib2.0-0  # by age\n[test]\nxvfb\n"


@pytest.mark.parametrize("text", [DEBIAN, UBUNTU, MINT, ONLY_LIKE_UBUNTU])
def test_debian_and_what_is_derived_from_it(text: str) -> None:
    assert "debian" in setup_system.families(text)


@pytest.mark.parametrize("text", [FEDORA, ROCKY, "", "ID\n=\n"])
def test_other_systems(text: str) -> None:
    assert "debian" not in setup_system.families(text)


def test_a_system_without_os_release_is_no_debian(tmp_path: Path) -> None:
    assert not setup_system.is_debian(tmp_path / "os-release")


@pytest.mark.parametrize(("level", "names"), [("run", 2), ("test", 3)])
def test_a_list_holds_the_names_by_age(level: Level, names: int) -> None:
    wanted = setup_system.read_debian_packages(LIST, level)
    assert wanted[1] == ["libglib2.0-0t64", "libglib2.0-0"]
    assert len(wanted) == names


def test_any_of_a_packages_names_will_do() -> None:
    wanted = setup_system.read_debian_packages(LIST, "run")
    assert setup_system.missing_debian_packages(wanted, {"libpulse0", "libglib2.0-0"}).names == ()


@pytest.mark.parametrize(
    ("base_system", "name"), [("libssl3t64", "libglib2.0-0t64"), ("libssl3", "libglib2.0-0")]
)
def test_a_missing_package_is_named_as_this_release_names_it(base_system: str, name: str) -> None:
    wanted = setup_system.read_debian_packages(LIST, "run")
    missing = setup_system.missing_debian_packages(wanted, {base_system})
    assert missing.names == ("libpulse0", name)
    assert missing.advice.endswith(f"sudo apt-get install --no-install-recommends libpulse0 {name}")


class FakeDebian:
    """A Debian machine: what is installed, and whether one may become administrator."""

    def __init__(self, *, permitted: bool, offers: tuple[str, ...] = ("libpulse0", "libglib2.0-0")) -> None:
        self.permitted = permitted
        self.offers = offers
        self.installed = {"libc6"}
        self.commands: list[str] = []

    def __call__(self, command: Sequence[str], *, cwd: Path | None = None) -> Finished:
        line = " ".join(command)
        self.commands.append(line)
        if command[0] == "dpkg-query":
            shown = [f"installed {name}" for name in sorted(self.installed)]
            return Finished(0, "\n".join([*shown, "config-files libpulse0"]))
        if command[0] == "sudo" and not self.permitted:
            return Finished(1, "sudo: a password is required")
        if " install " in line:
            for name in list(command)[list(command).index("--no-install-recommends") + 1 :]:
                if name not in self.offers:
                    return Finished(100, f"Reading\nE: Unable to locate package {name}\n")
                self.installed.add(name)
        return Finished(0, "")


@pytest.fixture
def packages_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A list of packages, on a Debian where the user is not root."""
    path = tmp_path / "debian-packages.txt"
    path.write_text(LIST, "utf-8")
    monkeypatch.setattr(setup_system, "is_debian", lambda: True)
    monkeypatch.setattr(setup_system, "has_ensurepip", lambda: True)
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr("os.geteuid", lambda: 1000, raising=False)
    monkeypatch.setattr("shutil.which", lambda name: f"/usr/bin/{name}")
    return path


def test_where_apt_is_not_permitted_the_command_is_shown(
    packages_file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    machine = FakeDebian(permitted=False)
    assert setup_system.provide("run", packages_file, machine) == ("libpulse0", "libglib2.0-0")
    assert "sudo apt-get install --no-install-recommends libpulse0 libglib2.0-0" in capsys.readouterr().err
    assert not any("apt-get" in line for line in machine.commands)


def test_where_sudo_asks_nothing_the_packages_are_installed(
    packages_file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    machine = FakeDebian(permitted=True)
    assert setup_system.provide("run", packages_file, machine) == ()
    assert machine.installed >= {"libpulse0", "libglib2.0-0"}
    assert any(line.startswith("sudo -n env DEBIAN_FRONTEND") for line in machine.commands)
    assert "Installing system libraries: libpulse0 libglib2.0-0." in capsys.readouterr().err


def test_where_nothing_is_missing_nobody_becomes_administrator(packages_file: Path) -> None:
    machine = FakeDebian(permitted=True)
    machine.installed |= {"libpulse0", "libglib2.0-0"}
    assert setup_system.provide("run", packages_file, machine) == ()
    assert len(machine.commands) == 1


def test_a_failing_apt_is_reported_and_does_not_stop_the_set_up(
    packages_file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    machine = FakeDebian(permitted=True, offers=("libpulse0",))
    assert setup_system.provide("run", packages_file, machine) == ("libglib2.0-0",)
    shown = capsys.readouterr().err
    assert "Unable to locate package libglib2.0-0" in shown
    assert "sudo apt-get install --no-install-recommends libglib2.0-0" in shown


def test_a_python_without_pip_gets_its_package(packages_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(setup_system, "has_ensurepip", lambda: False)
    missing = setup_system.find("run", packages_file, FakeDebian(permitted=False))
    assert missing.names[-1] == f"python3.{sys.version_info[1]}-venv"


@pytest.mark.parametrize(
    ("program", "command"),
    [
        ("dnf", "sudo dnf install 'libEGL.so.1()(64bit)' 'libGL.so.1()(64bit)' /usr/bin/xauth"),
        ("zypper", "sudo zypper install 'libEGL.so.1()(64bit)' 'libGL.so.1()(64bit)' /usr/bin/xauth"),
        ("pacman", "sudo pacman -S --needed libglvnd xorg-xauth"),
        ("none", "Install the packages of your system that hold them."),
    ],
)
def test_elsewhere_missing_objects_are_named_for_the_package_manager(
    program: str, command: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = {program, "Xvfb"}
    monkeypatch.setattr(setup_system, "is_loadable", lambda name: name not in ("libEGL.so.1", "libGL.so.1"))
    monkeypatch.setattr("shutil.which", lambda name: name if name in there else None)
    missing = setup_system.missing_shared_objects("test")
    assert missing.names == ("libEGL.so.1", "libGL.so.1", "xauth")
    assert missing.advice.endswith(command)


def test_a_library_that_is_not_there_does_not_load() -> None:
    assert not setup_system.is_loadable("libseamline-has-no-such-thing.so.7")


def test_windows_names_its_runtime(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(setup_system, "is_loadable", lambda _: False)
    assert "Microsoft.VCRedist" in setup_system.missing_windows_runtime().advice
    monkeypatch.setattr(setup_system, "is_loadable", lambda _: True)
    assert setup_system.missing_windows_runtime().names == ()


def test_the_real_list_is_read(root: Path) -> None:
    text = (root / "packaging" / "debian-packages.txt").read_text("utf-8")
    run, test = (setup_system.read_debian_packages(text, level) for level in ("run", "test"))
    assert ["libegl1"] in run
    assert [name for name in test if name not in run] == [["xvfb"], ["xauth"], ["fonts-dejavu-core"]]
