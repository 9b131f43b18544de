"""Measure how soon a frame that is scrubbed to is on the screen, with pictures for scrubbing and without.

    python docs/measure_scrubbing.py FILM...

Makes the pictures for scrubbing of each film in a folder that is thrown away, then jumps to 60 frames drawn by lot,
each after the exact picture of the one before, and drags over 60 more, one every 30 ms; then steps on and back by 100
frames from the middle, each after the exact picture of the one before and a rest of 30 ms. Prints the milliseconds
from request to picture: the first one of that frame, the exact one, and, dragging, how many of the 60 were shown at
all; and how long bare decoding from the key frame takes for the same jumps, alternating with them.
"""

from __future__ import annotations

import os
import random
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np
from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QApplication

from seamline.analysis.pipeline import run_stages
from seamline.analysis.proxies_stage import Proxies, ProxyStage, proxy_bytes
from seamline.analysis.signals import Signals
from seamline.media.decoder import Decoder
from seamline.media.film import Film
from seamline.media.open_film import open_film
from seamline.progress import CancellableProgress
from seamline_app.jobs.player import Player

_JUMPS = 60
_STEPS = 100
_SETTLE_MS = 2000
_DRAG_MS = 30
_REST_MS = 30
_PATIENCE_S = 10


def wait(duration_ms: int) -> None:
    loop = QEventLoop()
    QTimer.singleShot(duration_ms, loop.quit)
    loop.exec()


def make_proxies(film: Film, folder: Path) -> Proxies:
    began_s, began_cpu_s = time.monotonic(), time.process_time()
    stage = ProxyStage.for_film(film, folder)
    failures = run_stages(
        film,
        [stage],
        Signals(film.frame_count),
        progress=CancellableProgress(),
        on_block=lambda _: None,
    )
    if failures:
        sys.exit(failures[0].sentence)
    frames = film.frame_count
    say(
        f"  made: {proxy_bytes(folder) / frames:,.0f} bytes a frame, {frames / (time.monotonic() - began_s):.0f} "
        f"frames/s, {1000 * (time.process_time() - began_cpu_s) / frames:.1f} ms of processor a frame with decoding"
    )
    return Proxies.of(film, folder)


def measure(film: Film, proxies: Proxies | None) -> None:
    player = Player(find_sink=lambda: None)
    came: list[tuple[float, int, bool]] = []  # seconds, frame, whether it is the exact picture
    player.picture_ready.connect(lambda _, frame: came.append((time.monotonic(), frame, player.is_exact)))
    player.open(film)
    player.use_proxies(proxies)

    def wait_for(frame: int) -> None:
        until_s = time.monotonic() + _PATIENCE_S
        while not (player.frame == frame and player.is_exact) and time.monotonic() < until_s:
            wait(1)

    wait_for(0)
    frames = random.Random(1).sample(range(film.frame_count), min(_JUMPS, film.frame_count))
    first_ms, exact_ms, bare_ms = [], [], []
    for frame in frames:
        bare_ms.append(bare_decode_ms(film, frame))
        came.clear()
        wait(_REST_MS)
        began_s = time.monotonic()
        player.seek(frame)
        wait_for(frame)
        times = [(1000 * (at - began_s), is_exact) for at, shown, is_exact in came if shown == frame]
        first_ms += [ms for ms, _ in times[:1]]
        exact_ms += [ms for ms, is_exact in times if is_exact][:1]
    came.clear()
    asked_s = {}
    drag = [round(at) for at in np.linspace(film.frame_count * 0.9, film.frame_count * 0.1, _JUMPS)]
    for frame in drag:
        asked_s[frame] = time.monotonic()
        player.seek(frame)
        wait(_DRAG_MS)
    wait_for(drag[-1])
    came_s = {frame: at for at, frame, _ in reversed(came)}
    late_ms = [1000 * (came_s[frame] - asked_s[frame]) for frame in came_s if frame in asked_s]
    steps_ms = {by: step_ms(player, film, by, wait_for) for by in (1, -1)}
    player.close()
    say(
        f"  {'with' if proxies else 'without'}: a jump {spread(first_ms)}, its exact picture {spread(exact_ms)}; "
        f"dragging {spread(late_ms)}, {len(late_ms)} of {len(asked_s)} shown; bare decoding {spread(bare_ms)}; "
        f"next frame {spread(steps_ms[1])}, previous {spread(steps_ms[-1])}, worst {max(steps_ms[-1]):.0f} ms"
    )


def step_ms(player: Player, film: Film, by: int, wait_for: Callable[[int], None]) -> list[float]:
    """How long each of 100 steps takes, from the middle of the film, once what lies about it had time to be read."""
    player.seek(film.frame_count // 2)
    wait_for(film.frame_count // 2)
    wait(_SETTLE_MS)
    times = []
    for count in range(1, _STEPS + 1):
        wait(_REST_MS)
        began_s = time.monotonic()
        player.seek(film.frame_count // 2 + by * count)
        wait_for(film.frame_count // 2 + by * count)
        times.append(1000 * (time.monotonic() - began_s))
    return times


def bare_decode_ms(film: Film, frame: int) -> float:
    """How long decoding takes from the key frame to that frame, and nothing else."""
    with Decoder(film) as decoder:
        began_s = time.monotonic()
        decoder.seek(frame)
        for number, _ in decoder:
            if number >= frame:
                break
        return 1000 * (time.monotonic() - began_s)


def spread(values: list[float]) -> str:
    if not values:
        return "none came"
    return f"p50 {np.percentile(values, 50):.0f}, p95 {np.percentile(values, 95):.0f} ms"


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def main() -> int:
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    app = QApplication([])
    for name in sys.argv[1:]:
        film = open_film(Path(name))
        keys = np.diff([*film.index.keyframes, film.frame_count])
        say(
            f"{film.path.name}: {film.info.width}x{film.info.height}, {film.info.codec}, key frames every "
            f"{np.median(keys):.0f} frames"
        )
        with tempfile.TemporaryDirectory() as folder:
            proxies = make_proxies(film, Path(folder))
            for used in (None, proxies, None, proxies):
                measure(film, used)
    app.quit()
    return 0


if __name__ == "__main__":
    sys.exit(main())
