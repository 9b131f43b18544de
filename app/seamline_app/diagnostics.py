"""What there is to say when something runs slowly or wrongly: the film, its last analysis, versions, machine."""

from __future__ import annotations

import contextlib
import os
import platform
from importlib import metadata
from pathlib import Path

import av
import psutil
from PySide6.QtCore import qVersion

import seamline
from seamline.analysis.cache import AnalysisCache
from seamline.analysis.proxies_stage import proxy_bytes
from seamline.analysis.run_report import RunReport
from seamline.media.film import AudioInfo
from seamline.models import providers
from seamline_app.document import Document
from seamline_app.film_details import rate_text
from seamline_app.folders import Folders
from seamline_widgets.diagnostics import Section
from seamline_widgets.percent import percent_text

_GIB = 1 << 30


def diagnose(
    document: Document | None, folders: Folders, report: RunReport | None, *, is_running: bool
) -> list[Section]:
    """All sections; without a film, those that need one are left out. `report` is of this film's last analysis."""
    sections = []
    if document is not None:
        sections = [_film(document), _analysis(document, report, is_running=is_running)]
    return [*sections, _versions(), _machine(), _folders(document, folders)]


def _film(document: Document) -> Section:
    film, project = document.film, document.project
    info = film.info
    lines = [
        ("File", str(film.path)),
        ("Container", info.container),
        ("Picture", f"{info.width} × {info.height}, {info.codec}, {info.pixel_format}"),
        ("Length", f"{film.frame_count:,} frames, {_duration(float(film.index.duration))}"),
        ("Frame rate", rate_text(project)),
        ("Sound", _sound(info.audio)),
    ]
    return Section("Film", tuple(lines))


def _analysis(document: Document, report: RunReport | None, *, is_running: bool) -> Section:
    count = document.film.frame_count
    share = percent_text(document.project.analysed_frames / count)
    lines = [("Analysed", f"{share} of the film" + (", running now" if is_running else ""))]
    if report is None:
        lines.append(("Figures", "Known when an analysis of this film has finished."))
        return Section("Last analysis", tuple(lines))
    times = report.frames_per_s / float(document.film.rate)
    cached = report.frame_count - report.analysed_frames
    lines += [
        (
            "Frames",
            f"{report.analysed_frames:,} analysed" + (f", {cached:,} from the cache" if cached else ""),
        ),
        ("Speed", f"{report.frames_per_s:,.1f} frames/s, {times:,.1f} times real time"),
        ("Duration", _duration(report.seconds)),
        (
            "Processor time",
            f"{report.cpu_seconds:,.1f} s, {report.processors_busy:.1f} processors busy on average",
        ),
        ("Peak memory", f"{report.peak_memory_mib:,.0f} MiB"),
        ("Device", report.device),
        ("Missing frames", f"{report.missing_frames:,}" if report.missing_frames else "None"),
        ("Failures", "\n".join(report.failures) or "None"),
    ]
    return Section("Last analysis", tuple(lines))


def _versions() -> Section:
    return Section(
        "Versions",
        (
            ("Seamline", seamline.__version__),
            ("Python", f"{platform.python_version()} ({platform.python_implementation()})"),
            ("Qt", f"{qVersion()}, PySide {_version('PySide6-Essentials')}"),
            ("PyAV", f"{av.__version__}, FFmpeg {av.ffmpeg_version_info}"),
            ("ONNX Runtime", _version("onnxruntime")),
            ("Networks run on", ", ".join(provider.shown for provider in providers.candidates())),
            ("LiteRT", _version("ai-edge-litert")),
            ("OpenCV", _version("opencv-python-headless")),
        ),
    )


def _machine() -> Section:
    logical, physical = psutil.cpu_count() or 0, psutil.cpu_count(logical=False)
    cores = f"{logical}" if physical in (None, logical) else f"{logical}, on {physical} cores"
    usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else logical
    return Section(
        "This machine",
        (
            ("System", f"{platform.system()} {platform.release()}, {platform.machine()}"),
            ("Processor", _processor()),
            ("Processors", cores if usable == logical else f"{cores}; Seamline may use {usable}"),
            ("Memory", f"{psutil.virtual_memory().total / _GIB:.1f} GiB"),
        ),
    )


def _folders(document: Document | None, folders: Folders) -> Section:
    lines = []
    if document is not None:
        cache, fingerprint = AnalysisCache(folders.cache), document.film.fingerprint
        kept = cache.film_folder(fingerprint)
        scrubbing = proxy_bytes(cache.thumbnail_folder(fingerprint))
        lines = [
            ("Cache of this film", f"{kept} ({size_text(_bytes_under(kept))})"),
            ("Pictures for scrubbing", f"{size_text(scrubbing)} of it" if scrubbing else "None"),
        ]
    return Section(
        "Folders",
        (
            *lines,
            ("Cache", str(folders.cache)),
            ("Corrections", str(folders.edits)),
            ("Settings", str(folders.settings)),
            ("Log", str(folders.log / "seamline.log")),
        ),
    )


def _sound(audio: AudioInfo | None) -> str:
    if audio is None:
        return "No sound"
    channels = "1 channel" if audio.channels == 1 else f"{audio.channels} channels"
    tracks = "" if audio.track_count == 1 else f", the first of {audio.track_count} tracks"
    return f"{audio.codec}, {audio.sample_rate:,} Hz, {channels}{tracks}"


def _version(distribution: str) -> str:
    # not by importing it: that takes long, and is done by whoever needs it
    try:
        return metadata.version(distribution)
    except metadata.PackageNotFoundError:
        return "unknown"


def _processor() -> str:
    """The processor's name; Linux tells it in a file, the other systems to Python."""
    try:
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    except OSError:
        pass
    return platform.processor() or "unknown"


def _bytes_under(folder: Path) -> int:
    total = 0
    for path in folder.rglob("*"):
        with contextlib.suppress(OSError):  # gone meanwhile
            total += path.stat().st_size
    return total


def size_text(size_bytes: int) -> str:
    """The size in kB or MB."""
    return f"{size_bytes / 1e6:,.1f} MB" if size_bytes >= 100_000 else f"{size_bytes / 1e3:,.1f} kB"


def _duration(seconds: float) -> str:
    if seconds < 60:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min {rest} s" if hours else f"{minutes} min {rest} s"
