"""The threads: analysis, playback, thumbnails. Nothing else in Seamline owns a thread of the window."""
