"""The pins: complete, exact, and inside what pyproject.toml asks for."""

from __future__ import annotations

import tomllib
from importlib.metadata import PackageNotFoundError, requires
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version
from setup_environment import BUILD_TOOLS

SYSTEMS = {
    "linux": {"sys_platform": "linux", "platform_system": "Linux", "os_name": "posix"},
    "macos": {"sys_platform": "darwin", "platform_system": "Darwin", "os_name": "posix"},
    "windows": {"sys_platform": "win32", "platform_system": "Windows", "os_name": "nt"},
}


@pytest.fixture
def lines(root: Path) -> list[str]:
    """The pins' lines without comments."""
    text = (root / "packaging" / "constraints.txt").read_text("utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]


@pytest.fixture
def pins(lines: list[str]) -> dict[str, Version]:
    """The one version of each package."""
    split = (line.split("==") for line in lines)
    return {canonicalize_name(name): Version(version) for name, version in split}


@pytest.fixture
def requirements(root: Path) -> list[Requirement]:
    """What pyproject.toml asks for to build, run and test."""
    data = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))
    project = data["project"]
    texts = [*data["build-system"]["requires"], *project["dependencies"]]
    texts += [text for extra in project["optional-dependencies"].values() for text in extra]
    return [Requirement(text) for text in texts]


def test_every_line_pins_one_version(lines: list[str]) -> None:
    assert lines
    for line in lines:
        specifiers = list(Requirement(line).specifier)
        assert [one.operator for one in specifiers] == ["=="], line
        assert "*" not in specifiers[0].version, line


def test_no_package_is_pinned_twice_and_the_list_is_in_order(lines: list[str]) -> None:
    assert lines == sorted(set(lines))
    names = [canonicalize_name(line.split("==")[0]) for line in lines]
    assert len(names) == len(set(names))


def test_every_requirement_is_pinned_inside_its_range(
    requirements: list[Requirement], pins: dict[str, Version]
) -> None:
    for requirement in requirements:
        name = canonicalize_name(requirement.name)
        assert name in pins, f"{name} is not pinned"
        assert pins[name] in requirement.specifier, f"{name}=={pins[name]} is outside {requirement.specifier}"


def test_the_build_tools_are_pinned(pins: dict[str, Version]) -> None:
    assert {*BUILD_TOOLS, "pip"} <= set(pins)


@pytest.mark.parametrize("python", ["3.11", "3.12", "3.13"])
@pytest.mark.parametrize("system", list(SYSTEMS))
def test_what_the_requirements_need_themselves_is_pinned(
    system: str, python: str, requirements: list[Requirement], pins: dict[str, Version]
) -> None:
    python_version = {"python_version": python, "python_full_version": f"{python}.1"}
    environment = {**SYSTEMS[system], **python_version, "extra": ""}
    reached: set[str] = set()
    todo = [canonicalize_name(requirement.name) for requirement in requirements]
    while todo:
        name = todo.pop()
        if name in reached or name.startswith(("cuda-", "nvidia-", "triton")):
            continue  # what a CUDA build of torch brings, torch pins itself
        reached.add(name)
        assert name in pins, f"{name} is not pinned"
        try:
            needs = [Requirement(text) for text in requires(name) or []]
        except PackageNotFoundError:
            continue  # another system's package
        todo += [
            canonicalize_name(need.name)
            for need in needs
            if need.marker is None or need.marker.evaluate(environment)
        ]
    assert "colorama" in reached


def test_no_cuda_package_is_pinned(pins: dict[str, Version]) -> None:
    assert not [name for name in pins if name.startswith(("cuda", "nvidia", "triton"))]
