"""What networks may run on, which of that works here, and which of it the user prefers.

onnxruntime calls them execution providers. Which there are depends on which of its packages is installed: the
usual one has the processor, and CoreML on a Mac; `onnxruntime-gpu` adds CUDA, `onnxruntime-directml` DirectML.
"""

from __future__ import annotations

import base64
import logging
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

# before its first import: from 1.31 on it would otherwise report the machine to its maker
os.environ["ORT_DISABLE_TELEMETRY"] = "1"
import onnxruntime as onnxruntime  # for `runtime` too, which must not import it before the line above

onnxruntime.disable_telemetry_events()  # Windows' own tracing does not read the environment

ENVIRONMENT = "SEAMLINE_PROVIDER"
"""The environment variable that goes before the setting: the id of a provider, or “auto”."""

_log = logging.getLogger(__name__)
_ERRORS_ONLY = 3  # onnxruntime's log severity
_PROBE = base64.b64decode(
    "CAkSCHNlYW1saW5lOuABCisKAXgKCmNvbnN0YW50XzASCG1hdG11bF8wGghtYXRtdWxfMCIGTWF0TXVsChoKCG1hdG11bF8wEgF5"
    "GgF5IghJZGVudGl0eRIFcHJvYmUqVAgECAQQAUIKY29uc3RhbnRfMEpAAACAPwAAgD8AAIA/AACAPwAAgD8AAIA/AACAPwAAgD8A"
    "AIA/AACAPwAAgD8AAIA/AACAPwAAgD8AAIA/AACAP1obCgF4EhYKFAgBEhAKAggBCgIIAQoCCAQKAggEYhsKAXkSFgoUCAESEAoC"
    "CAEKAggBCgIIBAoCCARCBAoAEBI="
)
"""A network of one operation, as writing one takes the onnx package: y = x · ones(4, 4)."""


@dataclass(frozen=True, slots=True)
class Provider:
    """One thing to run on. `shown` is what the user reads; `options` are onnxruntime's, as strings.

    `must_take_all`: in the automatic choice it is used only for a network that it takes whole; a network that
    wanders between it and the processor is slower than on the processor alone.
    `is_exact`: known to keep to float32; of the others the results are compared with the processor's first.
    """

    id: str
    name: str
    shown: str
    options: Mapping[str, str] = field(default_factory=dict)
    must_take_all: bool = False
    is_exact: bool = False
    is_fast: bool = False


# full float32: TF32 would leave the reference by more than 1e-4
CUDA = Provider("cuda", "CUDAExecutionProvider", "GPU (CUDA)", {"use_tf32": "0"}, is_exact=True, is_fast=True)
DIRECTML = Provider("directml", "DmlExecutionProvider", "GPU (DirectML)", is_fast=True)
COREML = Provider(
    "coreml", "CoreMLExecutionProvider", "CoreML", {"ModelFormat": "MLProgram"}, must_take_all=True
)
CPU = Provider("cpu", "CPUExecutionProvider", "CPU", is_exact=True)

PROVIDERS: tuple[Provider, ...] = (CUDA, DIRECTML, COREML, CPU)
"""In the order in which the automatic choice tries them."""

_preferred: str | None = None


def set_preferred_provider(name: str | None) -> None:
    """Have networks opened from now on run on this provider where it works; None chooses by what works.

    `name` is an id of PROVIDERS; one that is not known is taken for None, and logged.
    """
    global _preferred  # one process has one setting, read wherever a network is opened
    if name is not None and name not in {each.id for each in PROVIDERS}:
        _log.warning("“%s” is no provider; choosing by what works", name)
        name = None
    _preferred = name


def preferred_provider() -> str | None:
    """What is asked for: by the environment variable, else by the setting; None is the automatic choice."""
    wish = os.environ.get(ENVIRONMENT, "").strip().lower()
    if wish in {each.id for each in PROVIDERS}:
        return wish
    if wish and wish != "auto":
        _log.warning("%s=%s is no provider: choose %s or auto", ENVIRONMENT, wish, _ids())
    return None if wish == "auto" else _preferred


def offered() -> tuple[Provider, ...]:
    """What this onnxruntime has been built for, whether or not the machine can do it."""
    there = onnxruntime.get_available_providers()
    return tuple(each for each in PROVIDERS if each.name in there)


def lacking_wish() -> str:
    """What is asked for, and not in this onnxruntime, in the words of a sentence; empty where it is, or nothing is."""
    wish = preferred_provider()
    if wish is None or wish in {each.id for each in offered()}:
        return ""
    return f"“{wish}” is not in this installation of ONNX Runtime"


def candidates() -> tuple[Provider, ...]:
    """What to try for a network, best first; the processor is the last of them, always."""
    wish = preferred_provider()
    if wish is None:
        return offered()
    wished = (each for each in offered() if each.id == wish and each is not CPU)
    return (*wished, CPU)


def faults() -> dict[str, str]:
    """Of every provider offered here, by id, why it does not work; empty text where it does.

    Runs a network of one operation on each (CUDA takes seconds to wake up).
    """
    return {each.id: _fault(each) for each in offered()}


def _fault(provider: Provider) -> str:
    options = session_options(provider, threads=1)
    try:
        session = onnxruntime.InferenceSession(_PROBE, options, providers=as_asked(provider))
        found = session.run(None, {"x": np.ones((1, 1, 4, 4), np.float32)})[0]
    except Exception as error:  # noqa: BLE001  onnxruntime's errors have no base of their own
        return (str(error).strip().splitlines() or [type(error).__name__])[0]
    if session.get_providers()[0] != provider.name:
        return "what it needs is missing, or of another version"
    return "" if np.allclose(found, 4.0) else "it computes something else than the processor"


def as_asked(provider: Provider) -> list[str | tuple[str, dict[str, str]]]:
    """The list that onnxruntime is given for a session on `provider`."""
    if provider is CPU:
        return [CPU.name]
    first = (provider.name, dict(provider.options))
    # where it must take all of a network, onnxruntime does not want to hear of the processor
    return [first] if _must_take_all(provider) else [first, CPU.name]


def _must_take_all(provider: Provider) -> bool:
    return provider.must_take_all and preferred_provider() is None


def session_options(provider: Provider, threads: int) -> onnxruntime.SessionOptions:
    """How a session on `provider` is opened."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.execution_mode = onnxruntime.ExecutionMode.ORT_SEQUENTIAL
    options.log_severity_level = _ERRORS_ONLY
    # spinning workers would take the processor from the decoder between runs
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    if provider is DIRECTML:  # it supports neither this nor parallel execution
        options.enable_mem_pattern = False
    if _must_take_all(provider):
        options.add_session_config_entry("session.disable_cpu_ep_fallback", "1")
    return options


def agree(found: list[Any], expected: list[Any]) -> bool:
    """Whether results are those of the processor, up to 1e-3 of their range: half precision is not."""
    pairs = [
        (np.asarray(a, np.float64), np.asarray(b, np.float64)) for a, b in zip(found, expected, strict=True)
    ]
    return all(
        a.shape == b.shape and np.abs(a - b).max(initial=0) <= 1e-3 * max(1.0, np.abs(b).max(initial=0))
        for a, b in pairs
    )


def _ids() -> str:
    return ", ".join(each.id for each in PROVIDERS)
