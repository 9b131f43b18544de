"""What the kept labels of shots are filed under is known without opening the network."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from seamline.models import store, videomae_onnx, videomae_session
from seamline.models.store_files import graph_path, record_path, weights_path
from seamline.models.videomae import VideoMAE, VideoMAESize
from seamline.models.videomae_card import VIDEOMAE
from seamline.models.videomae_session import VideoMAESession, installed_key

SMALL = VideoMAESize(side=32, width=12, layers=2, heads=3, inner=20)
IDENTITY = {"name": "VideoMAE", "version": "1", "weights_sha256": "ab" * 32}


def test_the_key_of_what_is_installed_is_known_without_opening_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "user_directory", lambda: tmp_path)
    monkeypatch.setattr(store, "setup_directory", lambda: tmp_path / "none")
    assert installed_key() is None
    content = videomae_onnx.graph_of(VideoMAE(SMALL), IDENTITY)
    sha256 = IDENTITY["weights_sha256"]
    graph, weights = graph_path(tmp_path, VIDEOMAE), weights_path(tmp_path, VIDEOMAE)
    graph.write_bytes(content)
    record_path(weights).write_text(json.dumps({"sha256": sha256}))
    assert installed_key() is None, "there is no telling what the graph was made of"
    record_path(graph).write_text(json.dumps({"weights_sha256": sha256}))
    monkeypatch.setattr(videomae_session, "CLIP_SHAPE", (16, 32, 32, 3))
    assert installed_key() == VideoMAESession(graph, threads=1).key
    record_path(weights).write_text(json.dumps({"sha256": "cd" * 32}))
    assert installed_key() is None, "other weights have come, and the graph is made at its next use"
    record_path(weights).write_text(json.dumps({"sha256": sha256}))
    graph.unlink()
    assert installed_key() is None
