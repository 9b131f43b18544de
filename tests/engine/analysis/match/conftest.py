"""Edges and motion by hand for all tests in this folder."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

for _name in ("paper_edges", "paper_motion"):
    if _name not in sys.modules:  # tests are no package and not on sys.path (importmode=importlib)
        _spec = importlib.util.spec_from_file_location(_name, Path(__file__).with_name(f"{_name}.py"))
        assert _spec is not None
        assert _spec.loader is not None
        sys.modules[_name] = importlib.util.module_from_spec(_spec)
        _spec.loader.exec_module(sys.modules[_name])
