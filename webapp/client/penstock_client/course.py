"""The course as a Python program uses it: reading, handing in, and teaching a class."""

import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from penstock_client.transport import Transport

Document = dict[str, Any]
PAGE = 200
POLL_S = 0.3


@dataclass(frozen=True, slots=True)
class Course:
    """Modules, lessons, exercises, submissions and classes; answers are the API's own documents."""

    _transport: Transport

    def modules(self) -> list[Document]:
        """List the modules in their order."""
        return self._items("/modules")

    def lesson(self, name: str) -> Document:
        """Read a lesson."""
        return self._read(f"/lessons/{quote(name, safe='')}")

    def exercises(self, module: str | None = None, language: str | None = None) -> list[Document]:
        """List exercises, of a module or such as take a language."""
        asked = {"module": module, "language": language}
        given = urlencode({name: value for name, value in asked.items() if value is not None})
        return self._items(f"/exercises?{given}" if given else "/exercises")

    def exercise(self, name: str) -> Document:
        """Read an exercise."""
        return self._read(f"/exercises/{quote(name, safe='')}")

    def hand_in(self, exercise: str, language: str, source: str) -> Document:
        """Hand a program in; it is graded from then on."""
        return self._send("/submissions", {"exercise": exercise, "language": language, "source": source})

    def submission(self, submission_id: str) -> Document:
        """Read a submission as it stands."""
        return self._read(f"/submissions/{submission_id}")

    def graded(self, submission_id: str, timeout_s: float = 120.0) -> Document:
        """Wait until a submission is graded; raises `TimeoutError`."""
        for _ in range(math.ceil(timeout_s / POLL_S)):
            told = self.submission(submission_id)
            if told["status"] != "grading":
                return told
            self._transport.sleep(POLL_S)
        raise TimeoutError(f"submission {submission_id} was not graded within {timeout_s:g} s")

    def submissions(self, **which: str) -> Iterator[Document]:
        """Yield what one may read, newest first, of an `exercise` or a `member_id`."""
        return self._pages("/submissions", which)

    def classes(self) -> Iterator[Document]:
        """Yield the classes that one teaches."""
        return self._pages("/classes", {})

    def make_class(self, name: str) -> Document:
        """Make a class; for operators."""
        return self._send("/classes", {"name": name})

    def remove_class(self, class_id: str) -> None:
        """Forget a class."""
        self._transport.send("DELETE", f"/classes/{class_id}")

    def enroll(self, class_id: str, member_id: str, alias: str) -> Document:
        """Put a member or key into a class."""
        return self._send(f"/classes/{class_id}/students", {"member_id": member_id, "alias": alias})

    def dismiss(self, class_id: str, member_id: str) -> None:
        """Take a student out of a class."""
        self._transport.send("DELETE", f"/classes/{class_id}/students/{member_id}")

    def progress(self, class_id: str) -> Document:
        """Read how far a class is."""
        return self._read(f"/classes/{class_id}/progress")

    def similarity(self, class_id: str, exercise: str, at_least: float = 0.5) -> list[Document]:
        """List pairs of students whose programs for an exercise are alike."""
        asked = urlencode({"exercise": exercise, "at_least": at_least})
        return self._items(f"/classes/{class_id}/similarity?{asked}")

    def _pages(self, path: str, which: Mapping[str, str]) -> Iterator[Document]:
        cursor: str | None = None
        while True:
            more = {} if cursor is None else {"cursor": cursor}
            page = self._read(f"{path}?{urlencode({**which, 'limit': PAGE, **more})}")
            yield from page["items"]
            cursor = page["next_cursor"]
            if cursor is None:
                return

    def _items(self, path: str) -> list[Document]:
        found: list[Document] = self._read(path)["items"]
        return found

    def _read(self, path: str) -> Document:
        found: Document = self._transport.send("GET", path).json()
        return found

    def _send(self, path: str, body: Mapping[str, Any]) -> Document:
        found: Document = self._transport.send("POST", path, body=json.dumps(body).encode()).json()
        return found
