"""What networks run on: chosen by what works, or as the user prefers, and always the processor in the end."""

from __future__ import annotations

import base64
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import onnxruntime
import pytest

from seamline.models import providers
from seamline.models.graph import GraphBuilder
from seamline.models.runtime import GraphSession, has_gpu

EXAMPLE = {"x": np.zeros(3, np.float32)}
COREML, DIRECTML, CPU = providers.COREML.name, providers.DIRECTML.name, providers.CPU.name


@pytest.fixture(autouse=True)
def nothing_preferred(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.delenv(providers.ENVIRONMENT, raising=False)
    yield
    providers.set_preferred_provider(None)


@pytest.fixture
def graph() -> bytes:
    builder = GraphBuilder("same")
    builder.output("same", builder.input("x", 1, ("T",)), ("T",))
    return builder.serialize({"name": "Same", "version": "1", "weights_sha256": "0"})


def asked_for(options: onnxruntime.SessionOptions) -> str:
    """The entry that keeps a session off the processor, if `options` have it."""
    key = "session.disable_cpu_ep_fallback"
    try:
        return key if options.get_session_config_entry(key) == "1" else ""
    except RuntimeError:  # it has not been set
        return ""


class _Elsewhere:
    """A session on the processor that says it is on another provider, and may be wrong by `error`."""

    def __init__(self, session: Any, name: str, error: float) -> None:
        self._session, self._name, self._error = session, name, error

    def run(self, *arguments: Any) -> Any:
        return [result + np.float32(self._error) for result in self._session.run(*arguments)]

    def get_providers(self) -> list[str]:
        return [self._name, CPU]

    def __getattr__(self, name: str) -> Any:
        return getattr(self._session, name)


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """A machine with CoreML and DirectML; by provider, how wrong it is, or what it fails with."""
    behaves: dict[str, Any] = {COREML: 0.0, DIRECTML: 0.0}
    really = onnxruntime.InferenceSession

    def open_session(source: Any, options: Any, providers: Sequence[Any]) -> Any:
        name = providers[0] if isinstance(providers[0], str) else providers[0][0]
        takes_all = "disable_cpu_ep_fallback" in asked_for(options)
        assert takes_all == (name != CPU and len(providers) == 1), "onnxruntime refuses one without the other"
        session = really(source, providers=[CPU])
        if name == CPU:
            return session
        if isinstance(behaves[name], Exception):
            raise behaves[name]
        return _Elsewhere(session, name, behaves[name])

    monkeypatch.setattr(onnxruntime, "get_available_providers", lambda: [COREML, DIRECTML, CPU])
    monkeypatch.setattr(onnxruntime, "InferenceSession", open_session)
    return behaves


def test_what_works_is_taken_in_order_and_what_fails_is_passed_over(
    graph: bytes, machine: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    assert GraphSession(graph, example=EXAMPLE, threads=2).device == "GPU (DirectML)"
    machine[DIRECTML] = RuntimeError("no adapter")
    assert GraphSession(graph, example=EXAMPLE, threads=2).device == "CoreML"
    assert "the GPU could not be used: no adapter" in caplog.text
    machine[COREML] = RuntimeError(
        "This session contains graph nodes that are assigned to the default CPU EP"
    )
    device = GraphSession(graph, example=EXAMPLE, threads=2).device
    assert device == "CPU, 2 threads (the GPU could not be used: no adapter)", (
        "CoreML alone is passed over in silence"
    )


def test_results_that_differ_from_the_processors_are_not_trusted(
    graph: bytes, machine: dict[str, Any]
) -> None:
    machine[COREML] = machine[DIRECTML] = 0.01
    session = GraphSession(graph, example=EXAMPLE, threads=1)
    assert session.device.startswith("CPU, 1 thread (the GPU could not be used: its results differ")
    assert session.run(["same"], {"x": np.ones(3, np.float32)})[0].tolist() == [1, 1, 1]


def test_the_users_preference_goes_before_and_the_environment_before_that(
    graph: bytes, machine: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert has_gpu()
    providers.set_preferred_provider("coreml")
    assert GraphSession(graph, example=EXAMPLE, threads=1).device == "CoreML"
    assert has_gpu()
    monkeypatch.setenv(providers.ENVIRONMENT, "cpu")
    assert GraphSession(graph, example=EXAMPLE, threads=1).device == "CPU, 1 thread"
    assert not has_gpu()
    monkeypatch.setenv(providers.ENVIRONMENT, "auto")
    assert providers.preferred_provider() is None


def test_a_preferred_provider_that_fails_is_told_and_the_processor_does_it(
    graph: bytes, machine: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    providers.set_preferred_provider("coreml")
    machine[COREML] = RuntimeError("out of order")
    device = GraphSession(graph, example=EXAMPLE, threads=1).device
    assert device == "CPU, 1 thread (the GPU could not be used: out of order)"
    assert "out of order" in caplog.text


def test_what_is_no_provider_is_logged_and_left_aside(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    providers.set_preferred_provider("abacus")
    assert providers.preferred_provider() is None
    assert "“abacus” is no provider" in caplog.text
    monkeypatch.setenv(providers.ENVIRONMENT, "slide rule")
    assert providers.preferred_provider() is None
    assert "slide rule is no provider" in caplog.text


def test_what_works_here_is_found_by_trying(machine: dict[str, Any]) -> None:
    machine[DIRECTML] = RuntimeError("no adapter\nmore")
    machine[COREML] = 1.0
    assert providers.faults() == {
        "directml": "no adapter",
        "coreml": "it computes something else than the processor",
        "cpu": "",
    }


def test_the_processor_works_on_this_machine() -> None:
    assert providers.faults()["cpu"] == ""


def test_the_network_that_tries_them_is_what_it_says() -> None:
    builder = GraphBuilder("probe")
    ones = builder.constant(np.ones((4, 4), np.float32))
    builder.output("y", builder.op("MatMul", builder.input("x", 1, (1, 1, 4, 4)), ones), (1, 1, 4, 4))
    assert base64.b64encode(builder.serialize({})) == base64.b64encode(providers._PROBE)


def test_what_is_asked_for_and_not_in_this_installation_is_told(
    graph: bytes, machine: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    providers.set_preferred_provider("cuda")
    session = GraphSession(graph, example=EXAMPLE, threads=2)
    assert session.device == (
        "CPU, 2 threads (the GPU could not be used: “cuda” is not in this installation of ONNX Runtime)"
    )
    assert "“cuda” is not in this installation" in caplog.text
    providers.set_preferred_provider("cpu")
    assert GraphSession(graph, example=EXAMPLE, threads=2).device == "CPU, 2 threads"
