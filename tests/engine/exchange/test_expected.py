"""Every format at every rate gives exactly the file that lies in `expected/`.

The EDL and OTIO files among them are also read back by other programs' readers, in the tests beside this one.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from seamline.exchange.formats import ANALYSIS_FORMATS, ExportFormat
from seamline.project.types import Project

EXPECTED = Path(__file__).parent / "expected"
RUN = {"speed_x": 3.5}


def _expected(rate: Any, export_format: ExportFormat) -> str:
    return (EXPECTED / f"{rate.name}{export_format.suffix}").read_bytes().decode()


@pytest.mark.parametrize(
    "export_format",
    [f for f in ANALYSIS_FORMATS if f.id != "otio"],
    ids=lambda export_format: export_format.id,
)
def test_the_text_is_the_expected_file(rate: Any, reference: Project, export_format: ExportFormat) -> None:
    assert export_format.write(reference, RUN) == _expected(rate, export_format)


def test_the_otio_says_what_the_expected_file_says(rate: Any, reference: Project) -> None:
    otio = next(f for f in ANALYSIS_FORMATS if f.id == "otio")
    # an absolute path has a drive letter on some systems
    text = otio.write(reference, None).replace(
        reference.film.path.absolute().parent.as_uri(), "file:///films"
    )
    assert json.loads(text) == json.loads(_expected(rate, otio))
