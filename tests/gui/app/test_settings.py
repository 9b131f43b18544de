"""What is remembered makes sense, whatever stands in the file."""

from __future__ import annotations

from pathlib import Path

import pytest

from seamline_app.settings import Settings


@pytest.mark.parametrize(
    ("stored", "volume"),
    [("0.25", 0.25), ("7", 1.0), ("-1", 0.0), ("nan", 1.0), ("inf", 1.0), ("loud", 1.0), ("1, 2", 1.0)],
)
def test_a_volume_is_one(tmp_path: Path, stored: str, volume: float) -> None:
    (tmp_path / "seamline.ini").write_text(f"[General]\nvolume={stored}\n")
    assert Settings(tmp_path).volume == volume


@pytest.mark.parametrize(
    ("stored", "commands"),
    [
        ('"undo\\nquit"', ("undo", "quit")),
        ('"undo\\n\\nundo\\n "', ("undo",)),
        ("undo, quit", ()),
        ("@Invalid()", ()),
        ("@ByteArray(undo)", ()),
    ],
)
def test_commands_used_last_are_ids(tmp_path: Path, stored: str, commands: tuple[str, ...]) -> None:
    (tmp_path / "seamline.ini").write_text(f"[General]\nrecent_commands={stored}\nkeys={stored}\n")
    settings = Settings(tmp_path)
    assert settings.recent_commands == commands
    assert (settings.text("keys") == "") == (not commands)
