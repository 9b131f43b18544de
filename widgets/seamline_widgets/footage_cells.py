"""The shots of a film by scene, as cells that show which set-up each was taken from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from seamline.project.footage import ShotFootage
from seamline.project.setup_names import setup_names
from seamline.project.types import Project, Shot
from seamline_resources.footage_looks import SETUP_COLOURS, SINGLE_COLOUR
from seamline_widgets.percent import percent_text
from seamline_widgets.shot_model import thumbnail_frame
from seamline_widgets.shot_texts import length_text

_MOST_NAMED = 12


@dataclass(frozen=True, slots=True)
class FootageCell:
    """One shot: where it is, the picture that stands for it, and its set-up.

    `setup` numbers it; `name` is “3A”, `short` the letter alone where the scene is its own; both are empty for a set-up
    that is seen once. `repeats_frame` is where the footage that it shows again begins, -1 where that is new.
    """

    number: int
    start_frame: int
    end_frame: int
    picture_frame: int
    setup: int
    short: str
    name: str
    colour: str
    confidence: float
    repeats_frame: int

    @property
    def comes_back(self) -> bool:
        """Whether another shot was taken from the same set-up."""
        return bool(self.name)


@dataclass(frozen=True, slots=True)
class FootageScene:
    """A run of neighbouring shots; `facts` says how many and how long."""

    title: str
    facts: str
    cells: tuple[FootageCell, ...]


def scenes_of(project: Project) -> tuple[FootageScene, ...]:
    """The shots that are grouped, in the film's order; shots that nobody looked at are left out."""
    looks = _Looks(project)
    scenes: list[tuple[int, list[FootageCell]]] = []
    for shot in project.shots:
        footage = project.footage_of(shot)
        if footage is None:
            continue
        if not scenes or scenes[-1][0] != footage.scene:
            scenes.append((footage.scene, []))
        scenes[-1][1].append(looks.cell(shot, footage))
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


def setup_words(project: Project, cell: FootageCell) -> list[str]:
    """What there is to say of a shot's set-up, a sentence each; made when it is asked for, as there are thousands."""
    others = [shot.number for shot in project.shots_by_setup[cell.setup][: _MOST_NAMED + 1]]
    others = [number for number in others if number != cell.number][:_MOST_NAMED]
    left = len(project.shots_by_setup[cell.setup]) - 1 - len(others)
    if others:
        numbers = ", ".join(map(str, others)) + (f" and {left} more" if left else "")
        plural = "s" if len(others) > 1 else ""
        words = [f"Set-up {cell.name}, {percent_text(cell.confidence)} sure; also shot{plural} {numbers}"]
    else:
        words = ["No other shot is of this set-up"]
    if cell.repeats_frame >= 0:
        words.append(f"The same frames as from {project.timecode(cell.repeats_frame)} on")
    return words


class _Looks:
    """What set-ups are called, and their colours: of those that come back each the next one, all along the film."""

    def __init__(self, project: Project) -> None:
        self._names = setup_names(project.footage)
        shots = project.shots_by_setup
        back = [setup for setup in self._names if len(shots.get(setup, ())) > 1]
        self._colours = {setup: SETUP_COLOURS[place % len(SETUP_COLOURS)] for place, setup in enumerate(back)}

    def cell(self, shot: Shot, footage: ShotFootage) -> FootageCell:
        colour, name = self._colours.get(footage.setup), self._names[footage.setup]
        text = "" if colour is None else name.text
        return FootageCell(
            shot.number,
            shot.start_frame,
            shot.end_frame,
            thumbnail_frame(shot),
            footage.setup,
            name.letters if text and name.scene == footage.scene else text,
            text,
            colour or SINGLE_COLOUR,
            footage.confidence,
            -1 if footage.repeats is None else footage.repeats[0],
        )


def _facts(cells: list[FootageCell], nominal_rate: int) -> str:
    frames = cells[-1].end_frame - cells[0].start_frame
    setups = len({cell.setup for cell in cells})
    shots = _count(len(cells), "shot")
    return f"{shots}, {_count(setups, 'set-up')}, {length_text(frames, nominal_rate)}"


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"
