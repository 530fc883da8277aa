"""People who read while something goes wrong: every answer is counted and judged."""

import http.client
import re
import threading
import time
from collections import Counter, deque
from collections.abc import Callable, Iterable
from typing import Any

from tests.faults.host import Front

# Words that each page must hold; the plan is never kept, so the application itself answers.
PAGES = {
    "/en/centers/": "Kavli",
    "/ja/emergency/": "119",
    "/en/plan/?arrived=2026-04-01": "2026",
    "/ja/directors/": "小谷",
    "/en/guides/": "Immigration",
}
KEPT = [path for path in PAGES if "/plan/" not in path]
# A cookie that is no session: nginx's cache is passed by, the pages in the memory of the application are not.
PAST_NGINX = {"Cookie": "x=1"}
_PEOPLE = 6
# Says what is wrong with the answer of an address, its status and its text; nothing if all is right.
Judge = Callable[[str, int, str], str]
# The published number that `Host.publish` writes on every page.
NUMBER = re.compile(r"(?:Notice number |お知らせ第)(\d+)")
OUTAGE = re.compile("We cannot reach our database at the moment|現在、データベースに接続できません")


def right(path: str, status: int, text: str) -> str:
    """Say what is wrong with an answer: a page must be the page asked for, whole and in its language."""
    if status != 200:
        return f"{status} {text[:80]}"
    bare = path.partition("?")[0]
    wanted = (PAGES[path], f'<html lang="{path[1:3]}"', f"{bare[3:]}")
    is_whole = all(word in text for word in wanted) and text.rstrip().endswith("</html>")
    return "" if is_whole else "another page"


def right_or_outage(path: str, status: int, text: str) -> str:
    """As `right`; a page of which there can be no copy may also say that the database is away."""
    return "" if path not in KEPT and status == 503 and "Please try again" in text else right(path, status, text)


class Load:
    """Counts answers, and keeps those that `judge` calls wrong or that show an older number than all have seen."""

    def __init__(
        self, host: Front, paths: Iterable[str] = PAGES, judge: Judge = right, headers: dict[str, str] | None = None
    ) -> None:
        self.host, self.paths, self.judge, self.headers = host, list(paths), judge, headers or {}
        self.answers: Counter[int] = Counter()
        self.outages = 0
        self.wrong: list[str] = []
        self._newest, self._last = 0, deque[int](maxlen=60)
        self._is_over = threading.Event()
        self._lock = threading.Lock()
        self._people = [threading.Thread(target=self._read, args=(number,)) for number in range(_PEOPLE)]

    def _read(self, number: int) -> None:
        while not self._is_over.is_set():
            number += 1
            path, newest = self.paths[number % len(self.paths)], self._newest
            try:
                status, text, _headers = self.host.ask(path, **self.headers)
            except (OSError, http.client.HTTPException) as error:
                status, text = 0, repr(error)
            problem = self.judge(path, status, text)
            shown = NUMBER.search(text)
            if status == 200 and not problem and newest and (not shown or int(shown[1]) < newest):
                problem = f"older than publication {newest}: {shown and shown[1]}"
            with self._lock:
                self.answers[status] += 1
                self.outages += status == 200 and bool(OUTAGE.search(text))
                if status == 200:
                    self._last.append(int(shown[1]) if shown else 0)
                if problem:
                    self.wrong.append(f"{path}: {problem}")

    def __enter__(self) -> "Load":
        for person in self._people:
            person.start()
        return self

    def __exit__(self, *exception: Any) -> None:
        self._is_over.set()
        for person in self._people:
            person.join()
        total, said = (
            sum(self.answers.values()),
            f", {self.outages} with the notice of an outage" if self.outages else "",
        )
        print(f"\n{total} requests, {dict(self.answers)}{said}, {len(self.wrong)} wrong")

    def wait(self, number: int, seconds: float = 180) -> None:
        """Wait until so many more answers have come."""
        wanted, deadline = sum(self.answers.values()) + number, time.monotonic() + seconds
        while sum(self.answers.values()) < wanted:
            assert time.monotonic() < deadline, "The site stopped answering."
            time.sleep(0.05)

    def sees(self, number: int, seconds: float = 60) -> None:
        """Wait until everybody is shown a published number; from then on an older one is wrong."""
        deadline = time.monotonic() + seconds  # what README.md promises ("Cache")
        self._last.clear()
        while not (len(self._last) == self._last.maxlen and set(self._last) == {number}):
            assert time.monotonic() < deadline, f"Publication {number} is not shown everywhere: {self._last}"
            time.sleep(0.05)
        self._newest = number
