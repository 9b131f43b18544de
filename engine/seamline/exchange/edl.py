"""CMX3600 edit decision lists, as DaVinci Resolve writes them, for scene-cut import and conform."""

from __future__ import annotations

from seamline.errors import ExchangeError
from seamline.exchange.events import events_of
from seamline.exchange.names import edl_clip_name, edl_reel, edl_title
from seamline.project.types import Project

_MOST_FRAMES_A_SECOND = 100  # the frames field has two digits
_END = "\r\n"  # what Resolve writes; readers on every system take it, old ones on Windows need it


def write_edl(project: Project) -> str:
    """The cut list as ASCII text with CRLF line ends: one cut event a shot, in the film's own timecode.

    Record timecode equals source timecode, so that the list cuts the flattened film where its shots change
    (a “scene cut” list); each event's out is the next one's in. Gradual seams are cut in their middle: a
    dissolve event over a finished film would dissolve it with itself. Numbers grow to four digits past 999.

    Raises ExchangeError where CMX3600 cannot hold the film: over 100 frames a second, or past midnight.
    """
    rate = project.timecode_rate
    if rate.nominal > _MOST_FRAMES_A_SECOND:
        raise ExchangeError(
            f"An EDL counts at most {_MOST_FRAMES_A_SECOND} frames a second; this film has {rate.nominal}: "
            "export OpenTimelineIO (.otio) or CSV instead."
        )
    events = events_of(project)
    first_frame = project.first_timecode_frame % rate.frames_a_day
    if first_frame + events[-1].end_frame >= rate.frames_a_day:
        raise ExchangeError(
            f"The film's timecode starts at {rate.format(first_frame)} and runs past midnight, where it "
            "begins again at 00:00:00:00; an EDL cannot show that. Give the film an earlier start timecode, "
            "or export OpenTimelineIO (.otio)."
        )
    reel, clip_name = edl_reel(project), edl_clip_name(project)
    lines = [
        f"TITLE: {edl_title(project)}",
        f"FCM: {'DROP FRAME' if rate.drop_frame else 'NON-DROP FRAME'}",
        "",
    ]
    for number, event in enumerate(events, 1):
        span = f"{rate.format(first_frame + event.start_frame)} {rate.format(first_frame + event.end_frame)}"
        lines += [
            # number, reel, track, transition, its length, source in and out, record in and out, two spaces
            f"{number:03d}  {reel:<8} {'V':<5} {'C':<4} {'':>3} {span} {span}  ",
            f"* FROM CLIP NAME: {clip_name}",
            "",
        ]
    return _END.join(lines) + _END
