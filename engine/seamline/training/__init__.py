"""How the seam network and the seam model that ship with Seamline are made; see docs/TRAINING.md."""
