"""The course over HTTP: reading, handing in, being graded; what a student, a teacher and a stranger see of it."""

import random
from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import text

from core.jobs.execution import Station, execute
from core.jobs.kind import LONGEST_SECRET
from core.platform.access import Role
from core.platform.events import Announcer
from core.workloads.code.curriculum.reading import curriculum
from core.workloads.code.operations import classes
from tasks.binding import load_bindings
from tests.conftest import NoInterrupts
from tests.integration.web.conftest import KeyClient, held_by

Join = Callable[..., KeyClient]
RIGHT = "        RDN A\n        RDN B\n        ADD A, A, B\n        PRN A\n        HLT #0\n"
WRONG = RIGHT.replace("ADD", "SUB")
COPIED = "; mine\n" + RIGHT.replace("A,", "C,").replace("N A", "N C")


@pytest.fixture
def work(app: Flask) -> Callable[[str], None]:
    """Grade a submission's job in this process."""
    process = held_by(app)
    worker = process.database.everywhere()
    announcer = Announcer(process.announcer.redis)
    chance, kinds = random.Random(1), process.catalogue.kinds
    station = Station("test:1", worker, process.storage, announcer, NoInterrupts(), 30.0, chance, kinds)
    bound = next(one for one in load_bindings(process.catalogue) if one.kind.name == "code.grade")

    def run(link: str) -> None:
        execute(station, bound.kind, bound.compute, UUID(link.rsplit("/", 1)[1]))

    return run


@pytest.fixture
def student(client_of: Join) -> KeyClient:
    return client_of(Role.SUBMITTER)


@pytest.fixture
def teacher(client_of: Join) -> KeyClient:
    return client_of(Role.OPERATOR)


def ok(answer: Any, status: int = 200) -> Any:
    assert answer.status_code == status, answer.text
    return answer.get_json()


def handed_in(client: KeyClient, source: str, exercise: str = "two-numbers") -> Any:
    asked = {"exercise": exercise, "language": "assembly", "source": source}
    return ok(client.post("/api/v1/submissions", json=asked), 202)


def class_of(teacher: KeyClient, **students: str) -> str:
    home = ok(teacher.post("/api/v1/classes", json={"name": f"class {uuid4().hex[:6]}"}), 201)["links"]["self"]
    for alias, member_id in students.items():
        ok(teacher.post(f"{home}/students", json={"member_id": member_id, "alias": alias}))
    return str(home)


def test_whoever_may_look_reads_the_course(client_of: Join) -> None:
    viewer = client_of(Role.VIEWER)
    modules = ok(viewer.get("/api/v1/modules"))["items"]
    assert [one["name"] for one in modules] == [one.name for one in curriculum().modules]
    lessons = ok(viewer.get(f"{modules[0]['links']['lessons']}"))["items"]
    assert lessons == ok(viewer.get(f"/api/v1/lessons?module={modules[0]['name']}"))["items"]
    lesson = ok(viewer.get(lessons[0]["links"]["self"]))
    assert lesson["samples"][0]["language"] == "python"
    assert lesson["text"].count("```python run") == 2
    exercises = ok(viewer.get("/api/v1/exercises?module=babbages-engine&language=c"))["items"]
    assert {one["name"] for one in exercises} >= {"leap", "grains"}
    assert "two-numbers" not in {one["name"] for one in exercises}, "it is not offered in C"
    assert len(ok(viewer.get("/api/v1/exercises"))["items"]) == len(curriculum().exercises)
    for address in ("modules/none", "lessons/none", "exercises/none", "lessons?module=none", "modules/none/lessons"):
        assert viewer.get(f"/api/v1/{address}").status_code == 404
    assert viewer.post("/api/v1/submissions", json={}).status_code == 403
    assert viewer.get("/api/v1/submissions").status_code == 403


def test_hidden_cases_and_solutions_are_not_told_to_students(student: KeyClient, teacher: KeyClient) -> None:
    told = ok(student.get("/api/v1/exercises/two-numbers"))
    hidden = [case for case in told["cases"] if case["hidden"]]
    assert hidden
    assert all(case["stdin"] is None and case["expected"] is None for case in hidden)
    assert all(case["stdin"] for case in told["cases"] if not case["hidden"])
    assert told.keys() & {"solutions", "mistakes"} == set()
    assert ok(teacher.get("/api/v1/exercises/two-numbers"))["solutions"][0]["language"] == "python"


def test_a_program_is_graded_case_by_case(student: KeyClient, work: Callable[[str], None]) -> None:
    made = handed_in(student, WRONG)
    assert (made["status"], made["cases"], made["source"]) == ("grading", None, WRONG)
    work(made["links"]["job"])
    told = ok(student.get(made["links"]["self"]))
    assert (told["status"], told["verdict"], told["points"]) == ("graded", "wrong_answer", 0)
    assert told["cases"][0]["difference"] == {"line": 1, "expected": "7", "found": "-1"}
    assert all(case["difference"] is None for case in told["cases"] if case["hidden"])
    assert told["notes"]["cards"] == told["notes"]["reference_cards"] == 20
    again = handed_in(student, RIGHT)
    work(again["links"]["job"])
    assert ok(student.get(again["links"]["self"]))["verdict"] == "accepted"
    listed = ok(student.get("/api/v1/submissions?limit=1"))
    assert [(one["verdict"], one["points"]) for one in listed["items"]] == [("accepted", 5)]
    rest = ok(student.get(f"/api/v1/submissions?cursor={listed['next_cursor']}"))
    assert ([one["id"] for one in rest["items"]], rest["next_cursor"]) == ([made["id"]], None)


def test_partial_credit_and_a_refused_program(student: KeyClient, work: Callable[[str], None]) -> None:
    partly = handed_in(student, RIGHT.replace("RDN B", "LD B, #4"))
    work(partly["links"]["job"])
    told = ok(student.get(partly["links"]["self"]))
    assert (told["points"], told["points_possible"]) == (1, 5)
    refused = handed_in(student, "ADD\nHLT #0")
    work(refused["links"]["job"])
    told = ok(student.get(refused["links"]["self"]))
    assert (told["verdict"], told["notes"], told["points"]) == ("compile_error", None, 0)
    assert told["diagnostics"][0]["line"] == 1


def test_nobody_reads_what_another_has_handed_in(
    student: KeyClient, teacher: KeyClient, client_of: Join, work: Callable[[str], None], app: Flask
) -> None:
    marked = f"; a secret of mine\n{WRONG}"
    made = handed_in(student, marked)
    work(made["links"]["job"])
    ok(student.get(made["links"]["self"]))
    for other in (client_of(Role.SUBMITTER), teacher, client_of(Role.OPERATOR, "elsewhere"), client_of(Role.ADMIN)):
        assert other.get(made["links"]["self"]).status_code == 404
        assert made["id"] not in [one["id"] for one in ok(other.get("/api/v1/submissions"))["items"]]
    job = ok(teacher.get(f"{made['links']['job']}"))
    assert (job["result"]["cases"], job["result"]["diagnostics"], job["result"]["notes"]) == ([], [], None)
    assert "SUB A" not in str(job)
    with held_by(app).database.everywhere().transaction() as session:
        for table in session.scalars(text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")).all():
            query = text(f"SELECT count(*) FROM {table} AS t WHERE to_jsonb(t)::text LIKE '%a secret of mine%'")
            assert session.scalar(query) == 0, table


def test_a_teacher_reads_what_the_class_hands_in(
    student: KeyClient, teacher: KeyClient, client_of: Join, work: Callable[[str], None]
) -> None:
    one, two = handed_in(student, WRONG), handed_in(student, RIGHT)
    other = client_of(Role.SUBMITTER)
    copy = handed_in(other, COPIED)
    for made in (one, two, copy):
        work(made["links"]["job"])
    home = class_of(teacher, ada=one["member_id"], ben=copy["member_id"])
    assert ok(teacher.get(copy["links"]["self"]))["source"] == COPIED
    assert len(ok(teacher.get(f"/api/v1/submissions?member_id={one['member_id']}"))["items"]) == 2
    told = ok(teacher.get(f"{home}/progress"))
    assert [(s["alias"], s["submissions"], s["solved"], s["points"]) for s in told["students"]] == [
        ("ada", 2, ["two-numbers"], 5),
        ("ben", 1, ["two-numbers"], 5),
    ]
    (exercise,) = told["exercises"]
    assert (exercise["submissions"], exercise["students"], exercise["solved"]) == (3, 2, 2)
    assert exercise["median_attempts"] == 1.5
    assert exercise["median_seconds_to_solve"] >= 0
    assert exercise["failing"][0] == {"case": "small", "submissions": 1}
    (pair,) = ok(teacher.get(f"{home}/similarity?exercise=two-numbers"))["items"]
    assert (pair["similarity"], [s["alias"] for s in pair["students"]]) == (1, ["ada", "ben"])
    assert {s["submission"] for s in pair["students"]} == {two["id"], copy["id"]}
    for least, status in ((0.04, 422), (0.05, 200), (1, 200), (1.01, 422)):
        asked = teacher.get(f"{home}/similarity?exercise=two-numbers&at_least={least}")
        assert asked.status_code == status, least
    assert teacher.delete(f"{home}/students/{copy['member_id']}").status_code == 204
    assert teacher.get(copy["links"]["self"]).status_code == 404, "who is no student any more is not read"


def test_a_class_is_its_teachers(student: KeyClient, teacher: KeyClient, client_of: Join) -> None:
    home = class_of(teacher, ada=handed_in(student, RIGHT)["member_id"])
    colleague, admin = client_of(Role.OPERATOR), client_of(Role.ADMIN)
    for below in ("", "/students", "/progress", "/similarity?exercise=leap"):
        assert colleague.get(f"{home}{below}").status_code == 404
        assert student.get(f"{home}{below}").status_code == 403
        ok(admin.get(f"{home}{below}"))
    assert ok(colleague.get("/api/v1/classes"))["items"] == []
    (told,) = ok(teacher.get("/api/v1/classes?limit=1"))["items"]
    assert (told["students"], told["links"]["self"]) == (1, home)
    assert ok(teacher.get(f"{home}/students"))["items"][0]["alias"] == "ada"
    assert teacher.post("/api/v1/classes", json={"name": told["name"]}).status_code == 409
    assert teacher.delete(home).status_code == 204
    assert teacher.get(home).status_code == 404


@pytest.mark.parametrize(
    ("change", "status", "pointer"),
    [
        ({"exercise": "none"}, 404, None),
        ({"language": "basic"}, 422, "/language"),
        ({"language": "c"}, 422, "/params/language"),
        ({"source": "abc"}, 422, "/source"),
        ({"source": "; " + "x" * (LONGEST_SECRET - 1)}, 422, "/source"),
        ({"points": 5}, 422, "/points"),
    ],
)
def test_what_cannot_be_graded_is_refused_by_name(
    student: KeyClient, change: dict[str, Any], status: int, pointer: str | None
) -> None:
    asked = {"exercise": "two-numbers", "language": "assembly", "source": RIGHT, **change}
    answer = student.post("/api/v1/submissions", json=asked)
    assert answer.status_code == status, answer.text
    if pointer is not None:
        assert [one["pointer"] for one in answer.get_json()["errors"]] == [pointer]


def test_the_longest_source_is_taken(student: KeyClient) -> None:
    handed_in(student, "; " + "x" * (LONGEST_SECRET - 2))


def test_students_are_members_or_keys(teacher: KeyClient, monkeypatch: pytest.MonkeyPatch) -> None:
    home = class_of(teacher)
    unknown = teacher.post(f"{home}/students", json={"member_id": str(uuid4()), "alias": "nobody"})
    assert (unknown.status_code, unknown.get_json()["errors"][0]["pointer"]) == (422, "/member_id")
    assert teacher.delete(f"{home}/students/{uuid4()}").status_code == 404
    monkeypatch.setattr(classes, "MOST_CLASSES", 2)
    ok(teacher.post("/api/v1/classes", json={"name": "second"}), 201)
    assert teacher.post("/api/v1/classes", json={"name": "third"}).get_json()["code"] == "class_full"


def test_a_full_class_takes_nobody_more(teacher: KeyClient, client_of: Join, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(classes, "MOST_STUDENTS", 1)
    ids = [handed_in(client_of(Role.SUBMITTER), RIGHT)["member_id"] for _ in range(2)]
    home = class_of(teacher, ada=ids[0])
    ok(teacher.post(f"{home}/students", json={"member_id": ids[0], "alias": "ada again"}))
    refused = teacher.post(f"{home}/students", json={"member_id": ids[1], "alias": "ben"})
    assert refused.get_json()["code"] == "class_full"
