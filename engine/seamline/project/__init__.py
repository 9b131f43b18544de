"""The film as the editor sees it: seams, shots, and every decision made about them."""
