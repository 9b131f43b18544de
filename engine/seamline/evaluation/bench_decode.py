"""The bare decode as a contender: `python -m seamline.evaluation.bench_decode FILM RESULT.json`."""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import av


def main(arguments: Sequence[str] | None = None) -> int:
    """Decode once and write what it took; exit code 0 or 1. Imports PyAV alone: nothing else is to be timed."""
    parser = argparse.ArgumentParser(prog="python -m seamline.evaluation.bench_decode")
    parser.add_argument("film", type=Path)
    parser.add_argument("result", type=Path)
    options = parser.parse_args(arguments)
    began = time.monotonic()
    try:
        frames = decode(options.film)
    except (OSError, IndexError, av.FFmpegError) as error:
        sys.stderr.write(f"“{options.film}” cannot be decoded ({error}): check that it plays.\n")
        return 1
    result = {"frames": frames, "analysis_s": time.monotonic() - began}
    options.result.write_text(json.dumps(result), encoding="utf-8")
    return 0


def decode(path: Path) -> int:
    """How many pictures a decode alone gives, by as many threads as FFmpeg likes: what no analysis can beat.

    Raises OSError, IndexError or FFmpegError.
    """
    with av.open(path) as container:
        stream = container.streams.video[0]
        stream.thread_type = "AUTO"
        return sum(1 for _ in container.decode(stream))


if __name__ == "__main__":
    sys.exit(main())
