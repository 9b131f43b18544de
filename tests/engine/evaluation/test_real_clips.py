"""What TransNetV2 as published finds in real clips, Seamline proposes. No clip is in this repository: SEAMLINE_CLIPS
names folders of films, separated as in PATH. Without it, there is nothing to test here."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from seamline.analysis.analyze import Analysis
from seamline.errors import MediaError
from seamline.evaluation.agreement import PUBLISHED_THRESHOLD, curve, pictures_of, runs_over
from seamline.media.open_film import open_film
from seamline.models.registry import TRANSNETV2
from seamline.models.session import open_session
from seamline.models.windows import PUBLISHED
from seamline.progress import CancellableProgress

FOLDERS = [Path(folder) for folder in os.environ.get("SEAMLINE_CLIPS", "").split(os.pathsep) if folder]


@pytest.mark.skipif(not FOLDERS, reason="SEAMLINE_CLIPS names no folders of films")
@pytest.mark.timeout(0)
def test_99_of_100_seams_of_the_published_network_are_proposed_within_a_frame() -> None:
    session = open_session(TRANSNETV2)
    seams, missed = 0, []
    for path in sorted(path for folder in FOLDERS for path in folder.iterdir()):
        try:
            film = open_film(path)
        except MediaError:
            continue  # a table, or a text
        analysis = Analysis(film)
        analysis.run(progress=CancellableProgress())
        for first, last in runs_over(curve(session, pictures_of(film), PUBLISHED), PUBLISHED_THRESHOLD):
            seams += 1
            if not any(s.out_frame <= last + 1 and first <= s.in_frame for s in analysis.seams):
                missed.append((path.name, first, last))
    assert seams > 0
    assert len(missed) <= seams / 100, missed
