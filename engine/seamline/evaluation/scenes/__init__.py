"""Drawn scenes: flat illustrations with depth, moved by a camera, the same in every run."""
