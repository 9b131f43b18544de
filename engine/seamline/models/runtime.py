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

# before its first import: from 1.31 on it would otherwise report the machine to its maker
os.environ["ORT_DISABLE_TELEMETRY"] = "1"
import onnxruntime
from numpy.typing import NDArray

from seamline.errors import Cancelled, ModelError
from seamline.models.store import SET_UP_COMMAND
from seamline.progress import Progress

onnxruntime.disable_telemetry_events()  # Windows' own tracing does not read the environment

Inputs = Mapping[str, NDArray[Any]]
Providers = list[str | tuple[str, dict[str, str]]]

_log = logging.getLogger(__name__)
_CUDA, _CPU = "CUDAExecutionProvider", "CPUExecutionProvider"
_ERRORS_ONLY = 3  # onnxruntime's log severity
_CODES = re.compile(r"^\[ONNXRuntimeError\] : \d+ : \w+ : ")
_REASON_CHARACTERS = 60


class GraphSession:
    """A graph ready to run: on the GPU if onnxruntime has one that runs `example`, else on the CPU.

    `name`, `version` (of the graph) and `sha256` (of the published weights) identify what the results depend
    on. One thread runs it at a time. Raises ModelError when the graph cannot be run, or was not made by Seamline.
    """

    def __init__(
        self, graph: Path | bytes, *, example: Inputs, threads: int | None = None, name: str = ""
    ) -> None:
        """`graph`: an .onnx file, or the bytes of one, which messages then call `name`."""
        self._threads = threads or _usable_processors()
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
        if self._session.get_providers()[0] == _CUDA:
            return "GPU (CUDA)"
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
        if has_gpu():
            # full float32: TF32 would leave the reference by more than 1e-4
            providers: Providers = [(_CUDA, {"use_tf32": "0"}), _CPU]
            try:
                session = self._session_on(graph, providers)
                session.run(None, dict(example))
            except Exception as error:  # noqa: BLE001  whatever is wrong with the GPU, the processor can do it
                self._gpu_fault = _first_line(error).removesuffix(".")
            else:
                if session.get_providers()[0] == _CUDA:
                    return session
                # onnxruntime itself has passed it over, and only printed why
                self._gpu_fault = "CUDA or cuDNN is missing, or of another version"
            _log.warning("%s: the GPU could not be used: %s", shown, self._gpu_fault)
        try:
            return self._session_on(graph, [_CPU])
        except Exception as error:  # onnxruntime's errors have no base of their own
            raise ModelError(
                f"The network “{shown}” cannot be loaded: {_first_line(error)} "
                f"Run “{SET_UP_COMMAND}” to install it again."
            ) from error

    def _session_on(self, graph: Path | bytes, providers: Providers) -> onnxruntime.InferenceSession:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = self._threads
        options.execution_mode = onnxruntime.ExecutionMode.ORT_SEQUENTIAL
        options.log_severity_level = _ERRORS_ONLY
        # spinning workers would take the processor from the decoder between runs
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        source = graph if isinstance(graph, bytes) else str(graph)
        return onnxruntime.InferenceSession(source, options, providers=providers)


def has_gpu() -> bool:
    """Whether this onnxruntime can use a GPU, if there is one that works."""
    return _CUDA in onnxruntime.get_available_providers()


def _usable_processors() -> int:
    # not every system can bind a process to some of its processors; Python 3.13 has process_cpu_count
    affinity = getattr(os, "sched_getaffinity", None)
    return len(affinity(0)) if affinity is not None else os.cpu_count() or 1


def _terminate(run: onnxruntime.RunOptions) -> None:
    run.terminate = True


def _first_line(error: Exception) -> str:
    lines = str(error).strip().splitlines()
    return (lines[0] if lines else type(error).__name__).rstrip(".") + "."
