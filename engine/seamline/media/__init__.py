"""Films: probing, frame numbering, timecode and decoding."""
