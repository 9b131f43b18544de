"""What an editor says of a pair of shots, as a step of the history."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType

from seamline.errors import ProjectError
from seamline.project.match_cuts import JudgedPair
from seamline.project.matches import MatchBook
from seamline.project.types import Project

_OWN = ""


@dataclass(frozen=True)
class JudgeMatch:
    """Says that of a pair of shots, in place of what was said of them; what says nothing leaves nothing.

    `films`: where other films of the pair are. The project's own film has an empty fingerprint here, so that the step
    is about whichever copy of it the project is about: see `judge_match`.
    """

    judged: JudgedPair
    name: str
    films: Mapping[str, Path] = field(default_factory=lambda: MappingProxyType({}))

    def apply(self, project: Project) -> Project:
        book = MatchBook(project.matches)
        self.put_into(book, project)
        return replace(project, matches=book.matches)

    def put_into(self, book: MatchBook, project: Project) -> None:
        """Raises ProjectError, changing nothing, for frames beyond the project's film, and as `MatchBook.put` does."""
        judged = self.judged_in(project)
        film = project.film
        if not judged.pair.is_within(film.fingerprint, film.frame_count):
            raise ProjectError(f"The film has {film.frame_count} frames: it has not all frames of this pair.")
        # a project can have come to be about what was another film
        book.put(judged, {name: path for name, path in self.films.items() if name != film.fingerprint})

    def judged_in(self, project: Project) -> JudgedPair:
        """What is said, with the fingerprint of that project's film."""
        return self.judged.renamed(_OWN, project.film.fingerprint)


def judge_match(
    project: Project, judged: JudgedPair, name: str, films: Mapping[str, Path] | None = None
) -> JudgeMatch:
    """The step that says this in `project`; `name` is what the undo menu says."""
    own = project.film.fingerprint
    others = {film: path for film, path in (films or {}).items() if film != own}
    return JudgeMatch(judged.renamed(own, _OWN), name, others)
