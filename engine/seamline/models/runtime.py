"""A converted graph as onnxruntime runs it, whatever it computes. Imports no torch."""

from __future__ import annotations

import logging
import os
import re
import textwrap
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from seamline.errors import Cancelled, ModelError
from seamline.models.providers import (
    CPU,
    CUDA,
    Provider,
    agree,
    as_asked,
    candidates,
    lacking_wish,
    onnxruntime,
    preferred_provider,
    session_options,
)
from seamline.models.store import SET_UP_COMMAND
from seamline.progress import Progress

Inputs = Mapping[str, NDArray[Any]]

_log = logging.getLogger(__name__)
_CODES = re.compile(r"^\[ONNXRuntimeError\] : \d+ : \w+ : ")
_REASON_CHARACTERS = 60


class GraphSession:
    """A graph ready to run: on the best of `candidates` that runs `example`, which is the processor if no other does.

    `name`, `version` (of the graph) and `sha256` (of the published weights) identify what the results depend
    on. One thread runs it at a time. Raises ModelError when the graph cannot be run, or was not made by Seamline.
    """

    def __init__(
        self, graph: Path | bytes, *, example: Inputs, threads: int | None = None, name: str = ""
    ) -> None:
        """`graph`: an .onnx file, or the bytes of one, which messages then call `name`."""
        self._threads = threads or _usable_processors()
        self._provider = CPU
        self._gpu_fault = ""  # why a GPU that was promised is not used
        shown = graph.name if isinstance(graph, Path) else name
        self._session = self._open(graph, shown, example)
        identity = self._session.get_modelmeta().custom_metadata_map
        missing = [key for key in ("name", "version", "weights_sha256") if key not in identity]
        if missing:
            raise ModelError(
                f"“{shown}” is not a graph that Seamline made: it names no {missing[0]}. "
                f"Run “{SET_UP_COMMAND}” to install it again."
            )
        self.name: str = identity["name"]
        self.version: str = identity["version"]
        self.sha256: str = identity["weights_sha256"]

    @property
    def device(self) -> str:
        """What the graph runs on, such as “CPU, 2 threads” or “GPU (CUDA)”; also why it is no GPU, where
        onnxruntime has promised one."""
        if self._provider is not CPU:
            return self._provider.shown
        cpu = f"CPU, {self._threads} thread{'s' if self._threads > 1 else ''}"
        if not self._gpu_fault:
            return cpu
        # all of it is in the log; this stands in a line among others
        reason = textwrap.shorten(_CODES.sub("", self._gpu_fault), _REASON_CHARACTERS, placeholder=" …")
        return f"{cpu} (the GPU could not be used: {reason})"

    def run(
        self, outputs: Sequence[str], inputs: Inputs, *, progress: Progress | None = None
    ) -> list[NDArray[np.float32]]:
        """The named outputs. Raises Cancelled as soon as `progress` is cancelled; the session stays usable."""
        run = onnxruntime.RunOptions()
        # a cancellation since the job's last check is told at once, so none falls between check and run
        take_back = progress.on_cancel(lambda: _terminate(run)) if progress is not None else None
        try:
            results = self._session.run(list(outputs), dict(inputs), run)
        except Exception as error:  # onnxruntime's errors have no base of their own
            if run.terminate:
                raise Cancelled from None
            raise ModelError(
                f"{self.name} stopped on {self.device}: {_first_line(error)} "
                "Close other programs and try again."
            ) from error
        finally:
            if take_back is not None:
                take_back()
        return [np.asarray(result, np.float32) for result in results]

    def _open(self, graph: Path | bytes, shown: str, example: Inputs) -> onnxruntime.InferenceSession:
        self._gpu_fault = lacking_wish()
        if self._gpu_fault:
            _log.warning("%s: %s", shown, self._gpu_fault)
        for provider in candidates():
            if provider is CPU:
                break
            session, fault = self._try(graph, provider, example)
            if not fault:
                self._provider = provider
                return session
            if provider.must_take_all and preferred_provider() is None:
                # it is offered on every Mac, and few networks are all of what it knows: nothing to tell
                _log.info("%s: not on %s: %s", shown, provider.shown, fault)
                continue
            self._gpu_fault = fault
            _log.warning("%s: the GPU could not be used: %s", shown, fault)
        try:
            return self._session_on(graph, CPU)
        except Exception as error:  # onnxruntime's errors have no base of their own
            raise ModelError(
                f"The network “{shown}” cannot be loaded: {_first_line(error)} "
                f"Run “{SET_UP_COMMAND}” to install it again."
            ) from error

    def _try(self, graph: Path | bytes, provider: Provider, example: Inputs) -> tuple[Any, str]:
        """A session on `provider`, and why it cannot be used; empty text where it can."""
        try:
            session = self._session_on(graph, provider)
            session.run(None, dict(example))
            if session.get_providers()[0] != provider.name:
                # onnxruntime itself has passed it over, and only printed why
                missing = "CUDA or cuDNN is missing" if provider is CUDA else "what it needs is missing"
                return None, f"{missing}, or of another version"
            if not provider.is_exact:
                inputs = _noise_like(example)
                expected = self._session_on(graph, CPU).run(None, dict(inputs))
                if not agree(session.run(None, dict(inputs)), expected):
                    return None, "its results differ from the processor's"
        except Exception as error:  # noqa: BLE001  whatever is wrong with it, the processor can do it
            return None, _first_line(error).removesuffix(".")
        return session, ""

    def _session_on(self, graph: Path | bytes, provider: Provider) -> onnxruntime.InferenceSession:
        source = graph if isinstance(graph, bytes) else str(graph)
        return onnxruntime.InferenceSession(
            source, session_options(provider, self._threads), providers=as_asked(provider)
        )


def has_gpu() -> bool:
    """Whether this onnxruntime can use a GPU, if there is one that works, and the user has not said otherwise."""
    return any(each.is_fast or (each is not CPU and preferred_provider() == each.id) for each in candidates())


def _noise_like(example: Inputs) -> dict[str, NDArray[Any]]:
    """Inputs of the same shapes that tell results apart; numbers that may be places in a table stay as they are."""
    random = np.random.default_rng(0)
    return {
        name: random.random(value.shape).astype(value.dtype)
        if value.dtype.kind == "f"
        else random.integers(0, 256, value.shape).astype(np.uint8)
        if value.dtype == np.uint8
        else value
        for name, value in example.items()
    }


def _usable_processors() -> int:
    # not every system can bind a process to some of its processors; Python 3.13 has process_cpu_count
    affinity = getattr(os, "sched_getaffinity", None)
    return len(affinity(0)) if affinity is not None else os.cpu_count() or 1


def _terminate(run: onnxruntime.RunOptions) -> None:
    run.terminate = True


def _first_line(error: Exception) -> str:
    lines = str(error).strip().splitlines()
    return (lines[0] if lines else type(error).__name__).rstrip(".") + "."
