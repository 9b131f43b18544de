"""AAF: the film as one picture track of clips, for Avid Media Composer and what else reads it."""

from __future__ import annotations

import hashlib
import uuid
from fractions import Fraction
from pathlib import Path
from typing import Any

import aaf2
from aaf2.mobid import MobID

import seamline
from seamline.exchange.events import events_of
from seamline.exchange.files import written_whole
from seamline.exchange.names import clean_text
from seamline.project.types import Project

_PICTURE, _TIMECODE = 1, 2  # slots of the film's mobs
_PRODUCT = uuid.UUID("5f0e7a43-6f0c-5a86-9a5e-2f4a0f1b9c3d")  # ours, made up once
_NAMESPACE = uuid.UUID("b9b4c9ab-9d0b-5c39-8f0e-6f5d7a1e2c44")  # for the names of the film's mobs


def write_aaf(project: Project, path: Path, *, overwrite: bool = False) -> None:
    """The cut list as an AAF file at `path`, written whole or not at all: one source clip a shot.

    A composition, its timecode the film's own, plays ranges of one master clip; that leads over a file mob to
    an import mob, which holds the start timecode and the film's `file://` address, the chain that Media Composer
    writes for an imported film. Edit rates are exact rationals and all positions frames. The film itself is not
    in the file. Film mobs keep their ids from one export to the next as long as film and timecode are the same.
    Raises ExchangeError.
    """
    with (
        written_whole(path, overwrite=overwrite, sources=(project.film.path,)) as part,
        aaf2.open(str(part), "w") as file,
    ):
        _sign(file)
        master = _master_mob(file, project)
        composition = file.create.CompositionMob(clean_text(project.film.path.stem))
        composition.usage = "Usage_TopLevel"
        file.content.mobs.append(composition)
        _fill(file, composition, master, project)


def _sign(file: Any) -> None:
    identification = file.header["IdentificationList"].value[0]
    identification["CompanyName"].value = "Seamline"
    identification["ProductName"].value = "Seamline"
    identification["ProductVersionString"].value = seamline.__version__
    identification["ProductID"].value = _PRODUCT


def _fill(file: Any, composition: Any, master: Any, project: Project) -> None:
    events = events_of(project)
    length = events[-1].end_frame
    picture = composition.create_timeline_slot(_rational(project.film.rate), slot_id=_PICTURE)
    picture.name = "V1"
    picture["PhysicalTrackNumber"].value = 1
    picture.segment = file.create.Sequence(media_kind="picture")
    # pyaaf2 goes over what it is given twice: a generator would leave the track empty
    picture.segment.components.extend(
        [_clip(file, master, event.start_frame, event.length) for event in events]
    )
    picture.segment.length = length
    _add_timecode(file, composition, project, length)


def _master_mob(file: Any, project: Project) -> Any:
    """The film as a clip of a bin, and behind it the file and where it was imported from."""
    name = clean_text(project.film.path.name)
    rate = _rational(project.film.rate)
    length = events_of(project)[-1].end_frame
    source = _film_mob(project, "import", file.create.SourceMob())
    source.descriptor = file.create.ImportDescriptor()
    source.descriptor["Locator"].append(_locator(file, project.film.path))
    slot = source.create_empty_slot(rate, "picture", slot_id=_PICTURE)
    slot.segment.length = length
    slot["PhysicalTrackNumber"].value = 1
    _add_timecode(file, source, project, length)

    media = _film_mob(project, "file", file.create.SourceMob())
    media.descriptor = _descriptor(file, project, length)
    _add_picture(file, media, source, rate, length)

    master = _film_mob(project, "master", file.create.MasterMob())
    _add_picture(file, master, media, rate, length)
    reel = project.reel or project.film.info.reel
    if reel is not None:
        master.comments["Reel"] = clean_text(reel)
    for mob in (source, media, master):
        mob.name = name
        file.content.mobs.append(mob)
    return master


def _film_mob(project: Project, role: str, mob: Any) -> Any:
    """`mob` with an id that is the same for the same film, counted in the same way."""
    facts = (
        role,
        str(project.film.path.absolute()),
        project.film.fingerprint,
        project.timecode_rate,
        project.first_timecode_frame,
        project.film.rate,
        project.film.frame_count,
    )
    digest = hashlib.sha256(repr(facts).encode("utf-8", "surrogatepass")).hexdigest()
    mob_id = MobID.new()  # for the label that says what kind of number this is
    mob_id.material = uuid.uuid5(_NAMESPACE, digest)
    mob.mob_id = mob_id
    return mob


def _descriptor(file: Any, project: Project, length: int) -> Any:
    info = project.film.info
    descriptor = file.create.CDCIDescriptor()
    for name, value in {
        "SampleRate": _rational(project.film.rate),
        "Length": length,
        "StoredWidth": info.width,
        "StoredHeight": info.height,
        "SampledWidth": info.width,
        "SampledHeight": info.height,
        "DisplayWidth": info.width,
        "DisplayHeight": info.height,
        "FrameLayout": "SeparateFields" if info.interlaced else "FullFrame",
        "VideoLineMap": [0, 1],
        "ImageAspectRatio": _rational(info.sample_aspect * Fraction(info.width, info.height)),
        "ComponentWidth": 10 if "10" in info.pixel_format else 8,
        "HorizontalSubsampling": 1 if "444" in info.pixel_format else 2,
    }.items():
        descriptor[name].value = value
    descriptor["ContainerFormat"].value = file.dictionary.lookup_containerdef("External")
    descriptor["Locator"].append(_locator(file, project.film.path))
    return descriptor


def _locator(file: Any, path: Path) -> Any:
    locator = file.create.NetworkLocator()
    locator["URLString"].value = path.absolute().as_uri()
    return locator


def _add_picture(file: Any, mob: Any, source: Any, rate: str, length: int) -> None:
    slot = mob.create_timeline_slot(rate, slot_id=_PICTURE)
    slot.name = "V1"
    slot["PhysicalTrackNumber"].value = 1
    slot.segment = _clip(file, source, 0, length)


def _clip(file: Any, source: Any, start: int, length: int) -> Any:
    return file.create.SourceClip(
        start=start, length=length, mob_id=source.mob_id, slot_id=_PICTURE, media_kind="picture"
    )


def _add_timecode(file: Any, mob: Any, project: Project, length: int) -> None:
    counting = project.timecode_rate
    slot = mob.create_timeline_slot(_rational(project.film.rate), slot_id=_TIMECODE)
    slot.name = "TC1"
    slot["PhysicalTrackNumber"].value = 1
    timecode = file.create.Timecode(counting.nominal, drop=counting.drop_frame)
    timecode.start = project.first_timecode_frame % counting.frames_a_day
    timecode.length = length
    slot.segment = timecode


def _rational(value: Fraction) -> str:
    """As pyaaf2 takes an exact one."""
    return f"{value.numerator}/{value.denominator}"
