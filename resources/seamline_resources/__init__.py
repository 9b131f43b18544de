"""Palette, icons, shortcuts and other things that are looked up, not computed."""
