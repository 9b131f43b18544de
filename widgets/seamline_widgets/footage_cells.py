"""The shots of a film by scene, as cells that show which set-up each was taken from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from seamline.project.setup_names import SetupName, setup_names
from seamline.project.types import Project, Shot
from seamline_resources.footage_looks import setup_colour
from seamline_widgets.percent import percent_text
from seamline_widgets.shot_model import thumbnail_frame
from seamline_widgets.shot_texts import length_text


@dataclass(frozen=True, slots=True)
class FootageCell:
    """One shot: where it is, the picture that stands for it, and its set-up.

    `setup` numbers it; `short` is for a chip on the picture, `name` for words. `repeats_frame` is where the footage
    that it shows again begins, -1 where that is new.
    """

    number: int
    start_frame: int
    end_frame: int
    picture_frame: int
    setup: int
    short: str
    name: str
    colour: str
    comes_back: bool
    confidence: float
    repeats_frame: int
    words: str


@dataclass(frozen=True, slots=True)
class FootageScene:
    """A run of neighbouring shots; `facts` says how many and how long."""

    title: str
    facts: str
    cells: tuple[FootageCell, ...]


def scenes_of(project: Project) -> tuple[FootageScene, ...]:
    """The shots that are grouped, in the film's order; shots that nobody looked at are left out."""
    names = setup_names(project.footage)
    scenes: list[tuple[int, list[FootageCell]]] = []
    for shot in project.shots:
        footage = project.footage_of(shot)
        if footage is None:
            continue
        if not scenes or scenes[-1][0] != footage.scene:
            scenes.append((footage.scene, []))
        scenes[-1][1].append(_cell(project, shot, names[footage.setup]))
    return tuple(
        FootageScene(f"Scene {number}", _facts(cells, project.timecode_rate.nominal), tuple(cells))
        for number, cells in scenes
    )


def summaries_of(project: Project, scenes: Iterable[FootageScene]) -> tuple[str, ...]:
    """Such as “41 shots from 23 set-ups, 9 of which come back”; then with fewer words."""
    cells = [cell for scene in scenes for cell in scene.cells]
    setups = {cell.setup for cell in cells}
    back = {cell.setup for cell in cells if cell.comes_back}
    repeats = sum(cell.repeats_frame >= 0 for cell in cells)
    texts = [f"{_count(len(cells), 'shot')} from {_count(len(setups), 'set-up')}"]
    if back:
        texts.append(f"{texts[-1]}, {len(back)} of which come{'s' if len(back) == 1 else ''} back")
    if repeats:
        texts.append(f"{texts[-1]}; {_count(repeats, 'shot')} shown before")
    missing = len(project.shots) - len(cells)
    if missing:
        texts.append(f"{texts[-1]}; {missing} not looked at yet")
    return tuple(reversed(texts))


def _cell(project: Project, shot: Shot, name: SetupName) -> FootageCell:
    footage = project.footage_of(shot)
    assert footage is not None
    others = [other for other in project.shots_by_setup[footage.setup] if other is not shot]
    scene_of_name = name.scene == footage.scene
    short = name.letters if scene_of_name else name.text
    words = [f"Shot {shot.number}, {project.timecode(shot.start_frame)}"]
    if others:
        numbers = ", ".join(str(other.number) for other in others[:12]) + (" …" if len(others) > 12 else "")
        words.append(
            f"Set-up {name.text}, {percent_text(footage.confidence)} sure; also shot{'s' * (len(others) > 1)} {numbers}"
        )
    else:
        words.append(f"Set-up {name.text}, seen in this shot alone")
    repeats_frame = -1
    if footage.repeats is not None:
        repeats_frame = footage.repeats[0]
        words.append(f"The same frames as from {project.timecode(repeats_frame)} on")
    return FootageCell(
        shot.number,
        shot.start_frame,
        shot.end_frame,
        thumbnail_frame(shot),
        footage.setup,
        short,
        name.text,
        setup_colour(name.place, comes_back=bool(others)),
        bool(others),
        footage.confidence,
        repeats_frame,
        "\n".join(words),
    )


def _facts(cells: list[FootageCell], nominal_rate: int) -> str:
    frames = cells[-1].end_frame - cells[0].start_frame
    setups = len({cell.setup for cell in cells})
    shots = _count(len(cells), "shot")
    return f"{shots}, {_count(setups, 'set-up')}, {length_text(frames, nominal_rate)}"


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"
