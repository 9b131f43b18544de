"""Running the network: what it says about itself, breaking it off, and refusing what it cannot run."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import onnxruntime
import pytest
from numpy.typing import NDArray

from seamline.errors import Cancelled, ModelError
from seamline.models.card import ModelCard
from seamline.models.graph import GraphBuilder
from seamline.models.registry import TRANSNETV2, TRANSNETV2_INT8
from seamline.models.session import TransNetV2Session, fastest_card, open_session
from seamline.progress import CancellableProgress

Pictures = NDArray[np.uint8]

LONG_FILM_FRAMES = 300  # some seconds in one call, so that a cancellation falls into it


def test_it_says_what_its_results_depend_on(session: TransNetV2Session) -> None:
    assert session.name == "TransNetV2"
    assert session.sha256 == TRANSNETV2.sha256
    assert session.version == str(TRANSNETV2.graph_version)


@pytest.mark.parametrize(("threads", "device"), [(1, "CPU, 1 thread"), (2, "CPU, 2 threads")])
def test_it_says_what_it_runs_on(threads: int, device: str) -> None:
    assert open_session(TRANSNETV2, threads=threads).device == device


@pytest.mark.parametrize("card", [TRANSNETV2, TRANSNETV2_INT8])
def test_the_number_of_threads_changes_no_result(
    card: ModelCard, film: Callable[[int, int], Pictures]
) -> None:
    alone, together = open_session(card, threads=1), open_session(card, threads=2)
    pictures = film(20, 2)
    assert np.array_equal(alone.predict(pictures), together.predict(pictures))


def test_a_processor_computes_in_8_bits_and_a_gpu_in_float32(monkeypatch: pytest.MonkeyPatch) -> None:
    for providers, card in (
        (["CPUExecutionProvider"], TRANSNETV2_INT8),
        (["CUDAExecutionProvider", "CPUExecutionProvider"], TRANSNETV2),
    ):
        monkeypatch.setattr(onnxruntime, "get_available_providers", lambda found=providers: found)
        assert fastest_card() is card


def test_a_gpu_that_does_not_work_is_passed_over(
    installed_graph: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    promised = ["CUDAExecutionProvider", "CPUExecutionProvider"]
    monkeypatch.setattr(onnxruntime, "get_available_providers", lambda: promised)
    device = TransNetV2Session(installed_graph, threads=1).device
    assert device.startswith("CPU, 1 thread (the GPU could not be used: ")


def test_cancelling_the_job_breaks_off_the_run(session: TransNetV2Session) -> None:
    progress = CancellableProgress()
    cancelled_at = []

    def cancel() -> None:
        cancelled_at.append(time.monotonic())
        progress.cancel()

    timer = threading.Timer(0.1, cancel)
    timer.start()
    with pytest.raises(Cancelled):
        session.predict(np.zeros((LONG_FILM_FRAMES, 27, 48, 3), np.uint8), progress=progress)
    latency_s = time.monotonic() - cancelled_at[0]
    timer.join()
    # at most 0.05 s was measured for the usual window of 100; this one is three times as long
    assert latency_s < 1
    single, _ = session.predict(np.zeros((2, 27, 48, 3), np.uint8))
    assert np.isfinite(single).all()


def test_a_cancelled_job_does_not_even_begin(session: TransNetV2Session) -> None:
    progress = CancellableProgress()
    progress.cancel()
    started = time.monotonic()
    with pytest.raises(Cancelled):
        session.predict(np.zeros((LONG_FILM_FRAMES, 27, 48, 3), np.uint8), progress=progress)
    assert time.monotonic() - started < 1


@pytest.mark.parametrize(
    "pictures",
    [
        np.zeros((5, 27, 48, 3), np.float32),
        np.zeros((5, 48, 27, 3), np.uint8),
        np.zeros((27, 48, 3), np.uint8),
        np.zeros((0, 27, 48, 3), np.uint8),
    ],
)
def test_pictures_of_another_kind_are_refused(session: TransNetV2Session, pictures: Pictures) -> None:
    with pytest.raises(ValueError, match="need"):
        session.predict(pictures)


@pytest.mark.parametrize("content", [b"", b"not a network" * 100])
def test_a_file_that_is_no_graph_is_refused_with_the_next_step(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "network.onnx"
    path.write_bytes(content)
    with pytest.raises(ModelError, match=r"network\.onnx.*bootstrap\.py run"):
        TransNetV2Session(path)


def test_a_graph_of_unknown_origin_is_refused(tmp_path: Path) -> None:
    graph = GraphBuilder("other")
    graph.output("same", graph.input("x", 1, ("T",)), ("T",))
    path = tmp_path / "other.onnx"
    path.write_bytes(graph.serialize({"name": "Other"}))
    with pytest.raises(ModelError, match="names no version"):
        TransNetV2Session(path)


def test_running_the_network_imports_neither_torch_nor_onnx() -> None:
    script = """
import sys
import numpy as np
from seamline.models.registry import TRANSNETV2
from seamline.models.session import open_session
from seamline.models.windows import WindowedPredictor
predictor = WindowedPredictor(open_session(TRANSNETV2))
predictor.feed(np.zeros((3, 27, 48, 3), np.uint8))
assert len(predictor.finish()) == 1
loaded = {"torch", "onnx"} & set(sys.modules)
assert not loaded, loaded
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
