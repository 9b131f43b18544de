"""What `seamline` exits with."""

OK = 0
FAILED = 1  # the film cannot be read, or a list cannot be written
WRONG_USE = 2
INTERRUPTED = 130  # 128 + SIGINT, as shells count
