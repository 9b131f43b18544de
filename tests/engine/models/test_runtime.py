"""A graph on the processor or on a GPU, and what is said where a GPU that was promised does not work."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import onnxruntime
import pytest

from seamline.models.graph import GraphBuilder
from seamline.models.runtime import GraphSession

EXAMPLE = {"x": np.zeros(1, np.float32)}
CUDA, CPU = "CUDAExecutionProvider", "CPUExecutionProvider"


@pytest.fixture
def graph() -> bytes:
    builder = GraphBuilder("same")
    builder.output("same", builder.input("x", 1, ("T",)), ("T",))
    return builder.serialize({"name": "Same", "version": "1", "weights_sha256": "0"})


class PromisedGpu:
    """Stands for onnxruntime's sessions on a machine with its GPU package; `fault` is what CUDA says to it."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, fault: Exception | None, *, at_run: bool) -> None:
        self._fault, self._at_run = fault, at_run
        self._open = onnxruntime.InferenceSession
        self.opened: list[str] = []
        monkeypatch.setattr(onnxruntime, "get_available_providers", lambda: [CUDA, CPU])
        monkeypatch.setattr(onnxruntime, "InferenceSession", self)

    def __call__(self, source: Any, options: Any, providers: Sequence[Any]) -> Any:
        self.opened.append(providers[0][0] if providers[0] != CPU else CPU)
        on_gpu = self.opened[-1] == CUDA
        if on_gpu and self._fault is not None and not self._at_run:
            raise self._fault
        session = self._open(source, options, providers=[CPU])
        return _OnPaperGpu(session, self._fault) if on_gpu and self._at_run else session


class _OnPaperGpu:
    def __init__(self, session: Any, fault: Exception | None) -> None:
        self._session, self._fault = session, fault

    def run(self, *arguments: Any) -> Any:
        if self._fault is not None:
            raise self._fault
        return self._session.run(*arguments)

    def get_providers(self) -> list[str]:
        return [CUDA, CPU]

    def __getattr__(self, name: str) -> Any:
        return getattr(self._session, name)


def test_without_a_gpu_nothing_is_said_of_one(graph: bytes, caplog: pytest.LogCaptureFixture) -> None:
    assert GraphSession(graph, example=EXAMPLE, threads=2).device == "CPU, 2 threads"
    assert caplog.text == ""


def test_a_gpu_that_runs_the_example_is_used(
    graph: bytes, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    machine = PromisedGpu(monkeypatch, None, at_run=True)
    session = GraphSession(graph, example=EXAMPLE, threads=2)
    assert session.device == "GPU (CUDA)"
    assert session.run(["same"], {"x": np.ones(3, np.float32)})[0].tolist() == [1, 1, 1]
    assert machine.opened == [CUDA]
    assert caplog.text == ""


@pytest.mark.parametrize("at_run", [False, True])
def test_why_a_gpu_is_not_used_is_logged_and_told_with_the_device(
    graph: bytes, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, at_run: bool
) -> None:
    fault = RuntimeError("[ONNXRuntimeError] : 1 : FAIL : CUDA failure 35: driver too old.\nGPU=0")
    machine = PromisedGpu(monkeypatch, fault, at_run=at_run)
    session = GraphSession(graph, example=EXAMPLE, threads=2, name="the test's")
    assert session.device == "CPU, 2 threads (the GPU could not be used: CUDA failure 35: driver too old)"
    assert session.run(["same"], {"x": np.ones(3, np.float32)})[0].tolist() == [1, 1, 1]
    assert machine.opened == [CUDA, CPU]
    assert [(record.levelname, record.getMessage()) for record in caplog.records] == [
        (
            "WARNING",
            "the test's: the GPU could not be used: [ONNXRuntimeError] : 1 : FAIL : CUDA failure 35: driver too old",
        )
    ]


def test_a_gpu_that_onnxruntime_passes_over_by_itself_is_told_too(
    graph: bytes, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    PromisedGpu(monkeypatch, None, at_run=False)  # it gives a session on the processor
    device = GraphSession(graph, example=EXAMPLE, threads=1).device
    assert device.startswith("CPU, 1 thread (the GPU could not be used: CUDA or cuDNN is missing")
    assert "could not be used" in caplog.text


def test_a_long_reason_is_whole_in_the_log_alone(
    graph: bytes, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    reason = "the library cannot be loaded " * 20 + "at all"
    PromisedGpu(monkeypatch, RuntimeError(reason), at_run=False)
    device = GraphSession(graph, example=EXAMPLE, threads=1).device
    assert len(device) < 110
    assert device.endswith(" …)")
    assert "at all" in caplog.text
