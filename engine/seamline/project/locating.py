"""Where the film of a project is."""

from __future__ import annotations

from pathlib import Path

from seamline.errors import ProjectError
from seamline.project.film_reference import FilmReference, find_film
from seamline.project.stored import read_project

SUFFIX = ".seamline"


class FilmMissingError(ProjectError):
    """The film of a project is not where it was; `changed_path` is where another film lies in its place."""

    def __init__(
        self, text: str, project_path: Path, reference: FilmReference | None, changed_path: Path | None = None
    ) -> None:
        super().__init__(text)
        self.project_path = project_path
        self.reference = reference
        self.changed_path = changed_path


def is_project_path(path: Path) -> bool:
    """Whether a file of that name is opened as a project, not as a film."""
    return path.suffix.lower() == SUFFIX


def film_of_project(path: Path) -> Path:
    """Where the film of the project at `path` is. Raises FilmMissingError, or ProjectError for no project."""
    reference = read_project(path, writes=False)[0].film
    if reference is None:
        raise FilmMissingError(
            f"“{path.name}” is damaged and no longer says which film it is about: locate the film.",
            path,
            None,
        )
    found = find_film(reference, path)
    if found.path is not None and not found.is_changed:
        return found.path
    if found.path is not None:
        raise FilmMissingError(
            f"“{found.path}” is not the film any more that the project “{path.name}” was made with: locate that "
            "film, or put it back there.",
            path,
            reference,
            found.path,
        )
    raise FilmMissingError(
        f"The film “{reference.name}” of the project “{path.name}” was not found at “{reference.path}”, nor near "
        "the project: locate it, or put it into the project's folder.",
        path,
        reference,
    )
