"""The set-up's modules, importable as they are for `packaging/bootstrap.py`, and a project to set up."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT / "packaging"), str(Path(__file__).parent)]

import setup_system  # noqa: E402
from fake_run import FakeRun  # noqa: E402
from setup_stamp import Layout  # noqa: E402


@pytest.fixture
def root() -> Path:
    """The real project."""
    return ROOT


@pytest.fixture
def layout(tmp_path: Path) -> Layout:
    """A small project that was never set up."""
    (tmp_path / "packaging").mkdir()
    (tmp_path / "packaging" / "constraints.txt").write_text("torch==2.13.0\n", "utf-8")
    (tmp_path / "packaging" / "debian-packages.txt").write_text("[run]\nlibegl1\n[test]\nxvfb\n", "utf-8")
    (tmp_path / "pyproject.toml").write_text("[project]\n", "utf-8")
    models = tmp_path / "engine" / "seamline" / "models"
    models.mkdir(parents=True)
    (models / "store.py").write_text("", "utf-8")
    return Layout(tmp_path)


@pytest.fixture
def run(layout: Layout) -> FakeRun:
    """A runner that starts nothing."""
    return FakeRun(layout)


@pytest.fixture
def set_missing(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Says which system libraries the machine lacks."""

    def set_names(*names: str) -> None:
        missing = setup_system.Missing(names, f"install {' '.join(names)}")
        monkeypatch.setattr(setup_system, "find", lambda *_: missing)
        monkeypatch.setattr(setup_system, "provide", lambda *_: names)

    return set_names


@pytest.fixture(autouse=True)
def complete_system(set_missing: Callable[..., None], request: pytest.FixtureRequest) -> None:
    """No test asks or changes this machine's libraries, unless it is about finding them."""
    if "test_system" not in request.node.nodeid:
        set_missing()
