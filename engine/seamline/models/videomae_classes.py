"""The classes of the shot label network, in the order of its outputs. Imports no torch."""

from __future__ import annotations

from seamline.project.labels import PublishedMovement, ShotScale

SCALES = (ShotScale.ECS, ShotScale.CS, ShotScale.MS, ShotScale.FS, ShotScale.LS)
MOVEMENTS = (
    PublishedMovement.STATIC,
    PublishedMovement.MOTION,
    PublishedMovement.PULL,
    PublishedMovement.PUSH,
)
