"""Edges by hand for all tests in this folder."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

NAME = "paper_edges"

if NAME not in sys.modules:  # tests are no package and not on sys.path (importmode=importlib)
    _spec = importlib.util.spec_from_file_location(NAME, Path(__file__).with_name(f"{NAME}.py"))
    assert _spec is not None
    assert _spec.loader is not None
    sys.modules[NAME] = importlib.util.module_from_spec(_spec)
    _spec.loader.exec_module(sys.modules[NAME])
