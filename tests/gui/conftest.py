"""GUI tests draw into memory: no screen is needed, and pixels are the same everywhere."""

from __future__ import annotations

import os

# before anything imports Qt
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
