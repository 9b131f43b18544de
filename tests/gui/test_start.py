"""What only a search by words needs is not loaded when the window is."""

from __future__ import annotations

import subprocess
import sys


def test_the_window_starts_without_what_reads_words() -> None:
    script = """
import sys
import seamline_app.main_window
from seamline.models.encoders import installed_encoders
installed_encoders(with_words=True)
late = {"tokenizers", "ftfy", "safetensors", "torch", "usearch", "transformers", "onnx"}
loaded = late & set(sys.modules)
assert not loaded, loaded
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
