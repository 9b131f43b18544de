"""How good the seams are: metrics, and drawn films with exact truth."""
