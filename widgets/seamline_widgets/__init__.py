"""The views of Seamline: they know Qt and the engine's types; no jobs, no files, no models."""
