"""Leaving a server that failed alone for a while, so that not every request waits for it."""

import time


class Rest:
    """What one process remembers of one server: until when it is not asked again."""

    def __init__(self, seconds: float) -> None:
        self.seconds, self.until = seconds, float("-inf")

    def begin(self) -> None:
        self.until = time.monotonic() + self.seconds

    def is_over(self) -> bool:
        return time.monotonic() >= self.until
