"""The course in the dashboard: read, handed in, graded; a teacher's class."""

import random
from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from flask import Flask

from core.jobs.execution import Station, execute
from core.platform.access import Role
from core.platform.events import Announcer
from core.workloads.code.curriculum.reading import curriculum
from tasks.binding import load_bindings
from tests.conftest import NoInterrupts
from tests.integration.web.account_world import Person, joined
from tests.integration.web.conftest import KeyClient, held_by
from tests.integration.web.dashboard_world import Browser

WRONG = "        RDN A\n        RDN B\n        SUB A, A, B\n        PRN A\n        HLT #0\n"


@pytest.fixture
def grade(app: Flask) -> Callable[[Any], None]:
    """Run the job of a submission in this process."""
    process = held_by(app)
    worker = process.database.everywhere()
    announcer = Announcer(process.announcer.redis)
    chance, kinds = random.Random(1), process.catalogue.kinds
    station = Station("test:1", worker, process.storage, announcer, NoInterrupts(), 30.0, chance, kinds)
    bound = next(one for one in load_bindings(process.catalogue) if one.kind.name == "code.grade")

    def run(submission: Any) -> None:
        execute(station, bound.kind, bound.compute, UUID(submission["links"]["job"].rsplit("/", 1)[1]))

    return run


@pytest.fixture
def browser_of(app: Flask, client: KeyClient, stranger: KeyClient) -> Callable[[Role], tuple[Browser, Person]]:
    def begin(role: Role) -> tuple[Browser, Person]:
        browser, person = Browser(app.test_client()), joined(client, stranger, role=role)
        browser.log_in(person)
        return browser, person

    return begin


def test_every_lesson_and_exercise_has_a_page(browser_of: Callable[..., tuple[Browser, Person]]) -> None:
    browser, _ = browser_of(Role.SUBMITTER)
    for name, (_, lesson) in curriculum().lessons.items():
        seen = browser.see(f"/course/lessons/{name}")
        assert seen.status_code == 200
        assert seen.text.count("Run it on the Engine") == len(lesson.samples)
    for name, exercise in curriculum().exercises.items():
        seen = browser.see(f"/course/exercises/{name}")
        assert seen.status_code == 200
        assert seen.text.count('class="tag">hidden') == sum(case.hidden for case in exercise.cases)
    assert browser.see("/course/lessons/none").status_code == 404
    assert browser.see("/course/exercises/none").status_code == 404


def test_what_was_handed_in_is_told_case_by_case(
    browser_of: Callable[..., tuple[Browser, Person]], grade: Callable[[Any], None], client: KeyClient
) -> None:
    student, person = browser_of(Role.SUBMITTER)
    teacher, _ = browser_of(Role.OPERATOR)
    form = {"language": "assembly", "source": WRONG}
    refused = student.send("/course/exercises/two-numbers", {**form, "source": "x"})
    assert (refused.status_code, "/source" in refused.text) == (422, True)
    sent = student.send("/course/exercises/two-numbers", form)
    assert sent.status_code == 303
    page = sent.headers["Location"].removeprefix("/dashboard")
    assert 'http-equiv="refresh"' in student.see(page).text
    made = teacher.send("/course/classes", {"name": "evening class"})
    home = made.headers["Location"].removeprefix("/dashboard").partition("?")[0]
    assert teacher.see(page).status_code == 404
    unknown = teacher.send(f"{home}/students", {"member_id": "nobody", "alias": "ada"})
    assert (unknown.status_code, "/member_id" in unknown.text) == (422, True)
    assert teacher.send(f"{home}/students", {"member_id": person.id, "alias": "ada"}).status_code == 303
    submission = page.rsplit("/", 1)[1]
    told = client.post(f"{home.replace('/course', '/api/v1')}/students", json={"member_id": person.id, "alias": "ada"})
    assert told.status_code == 200
    grade(client.get(f"/api/v1/submissions/{submission}").get_json())
    seen = student.see(page).text
    assert "line 1: <code>-1</code>, expected <code>7</code>" in seen
    assert "the reference solution takes 20" in seen
    assert "What you handed in" in student.see("/course/exercises/two-numbers").text
    shown = teacher.see(f"{home}?exercise=two-numbers").text
    assert "ada" in shown
    assert "small (1)" in shown
    assert "No two are." in shown
    assert "level 1" in student.see("/course").text
