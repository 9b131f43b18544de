"""Seamline's engine: finds the seams of a film and writes cut lists. No Qt, usable from a script or a notebook."""

__version__ = "0.1.0"
