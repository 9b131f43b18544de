"""The errors a user may see. Each message names the thing, what is wrong with it, and the next step."""


class SeamlineError(Exception):
    """Base of all errors whose text is written for the user."""


class MediaError(SeamlineError):
    """A film cannot be opened, read or decoded."""


class ModelError(SeamlineError):
    """A network is missing, damaged or does not run."""


class ProjectError(SeamlineError):
    """The editor's own work cannot be read or stored, or an edit does not fit the film."""


class ExchangeError(SeamlineError):
    """A cut list cannot be written or read."""


class Cancelled(Exception):  # noqa: N818  not an error: never shown, never logged as one
    """Raised inside a job after its cancellation was asked for."""
