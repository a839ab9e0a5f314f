"""Classes: made by teachers, with their students, their progress, and whose programs resemble each other."""

from typing import Any
from uuid import UUID

from flask import Response
from flask_smorest import Blueprint
from sqlalchemy.orm import Session

from core.clock import rfc3339
from core.workloads.code.operations import classes, progress
from core.workloads.code.operations.models import ClassRow
from webapp.course import class_document, find_exercise
from webapp.operations import Answer, Body, Call, json_answer, operation, page_answer
from webapp.schemas.classes import (
    AlikeList,
    ClassDocument,
    ClassesQuery,
    ClassList,
    ClassRequest,
    ProgressDocument,
    SimilarityQuery,
    StudentDocument,
    StudentList,
    StudentRequest,
)

blueprint = Blueprint("classes", __name__, description="Classes that are taught")


@operation(
    blueprint,
    "GET /classes",
    "classes:read",
    query=ClassesQuery,
    answers={200: Answer("One page of classes", ClassList)},
)
def list_classes(call: Call) -> Response:
    """List the classes that one teaches, newest first; an admin sees all."""
    limit = call.query["limit"]
    with call.database.statements() as session:
        found = classes.list_classes(session, call.principal, limit=limit + 1, after=call.query["cursor"])
        page = [_told(session, row) for row in found[:limit]]
    return page_answer(page, str(page[-1]["id"]) if len(found) > limit else None)


@operation(
    blueprint,
    "POST /classes",
    "classes:write",
    body=Body(ClassRequest),
    answers={201: Answer("The class", ClassDocument, headers={"Location": "Its address"})},
    problems=(409, 413, 415),
)
def make_class(call: Call) -> Response:
    """Make a class, whose teacher one is."""
    with call.database.transaction() as session:
        document = class_document(classes.make(session, call.principal, call.body["name"]), 0)
    return json_answer(document, 201, {"Location": document["links"]["self"]})


@operation(
    blueprint,
    "GET /classes/<uuid:class_id>",
    "classes:read",
    answers={200: Answer("The class", ClassDocument)},
    problems=(404,),
)
def read_class(call: Call, class_id: UUID) -> Response:
    """Read a class."""
    with call.database.statements() as session:
        return json_answer(_told(session, classes.find(session, call.principal, class_id)))


@operation(
    blueprint,
    "DELETE /classes/<uuid:class_id>",
    "classes:write",
    answers={204: Answer("It is gone")},
    problems=(404,),
)
def remove_class(call: Call, class_id: UUID) -> Response:
    """Forget a class; what its students have handed in stays theirs."""
    with call.database.transaction() as session:
        classes.remove(session, call.principal, class_id)
    return Response(status=204)


@operation(
    blueprint,
    "GET /classes/<uuid:class_id>/students",
    "classes:read",
    answers={200: Answer("Its students", StudentList)},
    problems=(404,),
)
def list_students(call: Call, class_id: UUID) -> Response:
    """List the students of a class in the order in which they came."""
    with call.database.statements() as session:
        row = classes.find(session, call.principal, class_id)
        names = _aliases(session, row)
        return page_answer(
            [
                {
                    "member_id": str(one.member_id),
                    "alias": names[str(one.member_id)],
                    "joined_at": rfc3339(one.joined_at),
                }
                for one in classes.list_students(session, row)
            ]
        )


@operation(
    blueprint,
    "POST /classes/<uuid:class_id>/students",
    "classes:write",
    body=Body(StudentRequest),
    answers={200: Answer("The student", StudentDocument)},
    problems=(404, 409, 413, 415),
)
def enroll_student(call: Call, class_id: UUID) -> Response:
    """Put a member or key of the tenant into a class: what it hands in can be read by the teacher from now on."""
    with call.database.transaction() as session:
        row = classes.find(session, call.principal, class_id, lock=True)
        student = classes.enroll(session, row, call.body["member_id"], call.body["alias"])
        return json_answer({**call.body, "member_id": str(student.member_id), "joined_at": rfc3339(student.joined_at)})


@operation(
    blueprint,
    "DELETE /classes/<uuid:class_id>/students/<uuid:member_id>",
    "classes:write",
    answers={204: Answer("No student of the class any more")},
    problems=(404,),
)
def dismiss_student(call: Call, class_id: UUID, member_id: UUID) -> Response:
    """Take a student out of a class."""
    with call.database.transaction() as session:
        classes.dismiss(session, classes.find(session, call.principal, class_id, lock=True), member_id)
    return Response(status=204)


@operation(
    blueprint,
    "GET /classes/<uuid:class_id>/progress",
    "classes:read",
    answers={200: Answer("How far the class is", ProgressDocument)},
    problems=(404,),
)
def read_progress(call: Call, class_id: UUID) -> Response:
    """Read how far a class is: by student, and by exercise with the cases that fail most."""
    with call.database.transaction() as session:
        row = classes.find(session, call.principal, class_id)
        found = progress.class_progress(session, row)
        names = _aliases(session, row)
    for student in found["students"]:
        student["alias"] = names[student["member_id"]]
    return json_answer(found)


@operation(
    blueprint,
    "GET /classes/<uuid:class_id>/similarity",
    "classes:read",
    query=SimilarityQuery,
    answers={200: Answer("Pairs, the most alike first", AlikeList)},
    problems=(404,),
)
def read_similarity(call: Call, class_id: UUID) -> Response:
    """Compare the best programs of a class's students by fingerprints, which names and comments do not change.

    What more than half of four students or more share is taken for the exercise's own and left out.
    """
    exercise = find_exercise(call.query["exercise"])
    with call.database.transaction() as session:
        row = classes.find(session, call.principal, class_id)
        found = progress.similarity(session, row, exercise.name, at_least=call.query["at_least"])
        names = _aliases(session, row)
    for pair in found:
        for student in pair["students"]:
            student["alias"] = names[student["member_id"]]
    return page_answer(found)


def _told(session: Session, row: ClassRow) -> dict[str, Any]:
    return class_document(row, len(classes.list_students(session, row)))


def _aliases(session: Session, row: ClassRow) -> dict[str, str]:
    return {str(one.member_id): classes.alias_of(session, row, one) for one in classes.list_students(session, row)}
