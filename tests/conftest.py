"""Fixtures for all tests: films that are made when first asked for, once a session."""

from __future__ import annotations

import importlib.util
import os
import sys
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

import pytest

from seamline.evaluation.demo import DemoFilm, make_demo_film

if TYPE_CHECKING:
    from films import FilmShelf


if "PYTEST_XDIST_WORKER" in os.environ:
    # torch comes later and waits by running: threads of two workers would keep each other from two cores
    os.environ.setdefault("OMP_NUM_THREADS", "1")


def _load(name: str) -> ModuleType:
    """The module of that name beside this file: tests/ is no package and not on sys.path (importmode=importlib)."""
    if name not in sys.modules:
        spec = importlib.util.spec_from_file_location(name, Path(__file__).with_name(f"{name}.py"))
        assert spec is not None
        assert spec.loader is not None
        sys.modules[name] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(sys.modules[name])
    return sys.modules[name]


_load("paper")  # now, so that every conftest further down can import it
_load("edited")
_load("edls")
_load("shifted_lists")
_load("paper_clip")
_load("paper_encoder")
_load("paper_hub")
_load("paper_library")
_load("paper_match")
_load("audition_hands")
_load("match_rows")
_load("audition_times")
_load("paper_proxies")
_load("paper_sound")
_load("reviewed_seams")
_load("timeline_hands")


def _films_shelf() -> type[FilmShelf]:
    shelf: type[FilmShelf] = _load("films").FilmShelf
    return shelf


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A test that asks for `film_kind` runs once for every kind of film that this machine can make."""
    if "film_kind" in metafunc.fixturenames:
        metafunc.parametrize("film_kind", _films_shelf().KINDS)


@pytest.fixture(scope="session")
def films(tmp_path_factory: pytest.TempPathFactory) -> FilmShelf:
    """Small films by kind: `films("mp4").path`, and all that tests/films.py offers."""
    return _films_shelf()(tmp_path_factory.mktemp("films"))


@pytest.fixture(scope="session")
def demo_film(tmp_path_factory: pytest.TempPathFactory) -> DemoFilm:
    """The whole demo film, a ninth of its usual area so that it is made quickly."""
    return make_demo_film(tmp_path_factory.mktemp("demo"), size=(320, 180))
