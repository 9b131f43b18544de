"""TransNetV2 as onnxruntime runs it. Imports no torch."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np

# before its first import: from 1.31 on it would otherwise report the machine to its maker
os.environ["ORT_DISABLE_TELEMETRY"] = "1"
import onnxruntime
from numpy.typing import NDArray

from seamline.errors import Cancelled, ModelError
from seamline.models.card import ModelCard
from seamline.models.store import SET_UP_COMMAND, locate
from seamline.progress import Progress

onnxruntime.disable_telemetry_events()  # Windows' own tracing does not read the environment

PICTURE_SHAPE = (27, 48, 3)
"""Rows, columns and channels (RGB) of the pictures the network sees."""

Pictures = NDArray[np.uint8]
Probabilities = NDArray[np.float32]

Providers = list[str | tuple[str, dict[str, str]]]

_ERRORS_ONLY = 3  # onnxruntime's log severity


class TransNetV2Session:
    """The converted network, ready to predict: on the GPU if onnxruntime has one that works, else on the CPU.

    `name`, `version` (of the graph) and `sha256` (of the published weights) identify what the results depend
    on; `device` says in words what it runs on. One thread predicts at a time.
    Raises ModelError when the graph cannot be run.
    """

    def __init__(self, model_path: Path, *, threads: int | None = None) -> None:
        self._threads = threads or _usable_processors()
        self._session = self._open(model_path)
        identity = self._session.get_modelmeta().custom_metadata_map
        missing = [key for key in ("name", "version", "weights_sha256") if key not in identity]
        if missing:
            raise ModelError(
                f"“{model_path.name}” is not a graph that Seamline made: it names no {missing[0]}. "
                f"Run “{SET_UP_COMMAND}” to install it again."
            )
        self.name: str = identity["name"]
        self.version: str = identity["version"]
        self.sha256: str = identity["weights_sha256"]

    @property
    def device(self) -> str:
        """What the network runs on, such as “CPU, 2 threads” or “GPU (CUDA)”."""
        if self._session.get_providers()[0] == "CUDAExecutionProvider":
            return "GPU (CUDA)"
        return f"CPU, {self._threads} thread{'s' if self._threads > 1 else ''}"

    def predict(
        self, pictures: Pictures, *, progress: Progress | None = None
    ) -> tuple[Probabilities, Probabilities]:
        """Probabilities 0 to 1 of the single-frame and the many-hot head, float32[T] each.

        `pictures`: uint8[T, 27, 48, 3], RGB, T >= 1; trained on windows of 100 frames, of which the middle 50
        count. Raises Cancelled, within about a tenth of a second, when `progress` is cancelled; the session
        stays usable.
        """
        if pictures.dtype != np.uint8 or pictures.ndim != 4 or pictures.shape[1:] != PICTURE_SHAPE:
            raise ValueError(f"need uint8[T, 27, 48, 3], not {pictures.dtype}{list(pictures.shape)}")
        if len(pictures) == 0:
            raise ValueError("need at least one picture")
        run = onnxruntime.RunOptions()
        # a cancellation since the job's last check is told at once, so none falls between check and run
        take_back = progress.on_cancel(lambda: _terminate(run)) if progress is not None else None
        try:
            single, many = self._session.run(
                ["single", "many"], {"pictures": np.ascontiguousarray(pictures)}, run
            )
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
        return single, many

    def _open(self, model_path: Path) -> onnxruntime.InferenceSession:
        if "CUDAExecutionProvider" in onnxruntime.get_available_providers():
            # full float32: TF32 would leave the reference by more than 1e-4
            providers: Providers = [("CUDAExecutionProvider", {"use_tf32": "0"}), "CPUExecutionProvider"]
            try:
                session = self._session_on(model_path, providers)
                session.run(None, {"pictures": np.zeros((1, *PICTURE_SHAPE), np.uint8)})
            except Exception:  # noqa: BLE001  whatever is wrong with the GPU, the processor can do it
                pass
            else:
                return session
        try:
            return self._session_on(model_path, ["CPUExecutionProvider"])
        except Exception as error:  # onnxruntime's errors have no base of their own
            raise ModelError(
                f"The network “{model_path.name}” cannot be loaded: {_first_line(error)} "
                f"Run “{SET_UP_COMMAND}” to install it again."
            ) from error

    def _session_on(self, model_path: Path, providers: Providers) -> onnxruntime.InferenceSession:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = self._threads
        options.execution_mode = onnxruntime.ExecutionMode.ORT_SEQUENTIAL
        options.log_severity_level = _ERRORS_ONLY
        # spinning workers would take the processor from the decoder between windows
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        return onnxruntime.InferenceSession(str(model_path), options, providers=providers)


def open_session(card: ModelCard, *, threads: int | None = None) -> TransNetV2Session:
    """The installed network of `card`, ready to predict. Raises ModelError, also when it is not installed."""
    return TransNetV2Session(locate(card), threads=threads)


def _usable_processors() -> int:
    # not every system can bind a process to some of its processors; Python 3.13 has process_cpu_count
    affinity = getattr(os, "sched_getaffinity", None)
    return len(affinity(0)) if affinity is not None else os.cpu_count() or 1


def _terminate(run: onnxruntime.RunOptions) -> None:
    run.terminate = True


def _first_line(error: Exception) -> str:
    lines = str(error).strip().splitlines()
    return (lines[0] if lines else type(error).__name__).rstrip(".") + "."
