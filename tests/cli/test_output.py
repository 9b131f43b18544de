"""What goes to standard output, whatever its encoding can say."""

from __future__ import annotations

import io

import pytest

from seamline_app.commands.output import put_out


@pytest.mark.parametrize(
    ("encoding", "written"),
    [("utf-8", "é 龙 ".encode() + b"\xe9"), ("latin-1", b"\xe9 ? ?"), ("cp1252", b"\xe9 ? ?")],
)
def test_no_name_of_a_film_is_too_odd(monkeypatch: pytest.MonkeyPatch, encoding: str, written: bytes) -> None:
    file = io.BytesIO()
    monkeypatch.setattr("sys.stdout", io.TextIOWrapper(file, encoding=encoding))
    put_out("é 龙 \udce9")
    assert file.getvalue() == written
