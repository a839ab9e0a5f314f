"""Classes: whom one teaches, how far they are, which cases fail most, and whose programs are alike."""

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, request
from marshmallow import fields
from marshmallow.validate import Length

from core.errors import Conflict, Invalid
from core.workloads.code.curriculum.reading import curriculum
from core.workloads.code.operations import classes, progress
from webapp.course import find_exercise
from webapp.dashboard.frame import filled, led_on, page, rendered
from webapp.operations import Call
from webapp.parsing import load
from webapp.problems import status_of
from webapp.schemas.classes import ClassRequest, StudentRequest
from webapp.schemas.values import Strict

blueprint = Blueprint("classes", __name__)

LISTED = 200
ALIKE = 0.5


class ClassQuery(Strict):
    """Of which exercise programs are compared."""

    exercise = fields.String(load_default=None, validate=Length(max=60))


@page(blueprint, "GET /course/classes", "classes:read")
def list_classes(call: Call) -> Response:
    """Show the classes that one teaches."""
    return _classes(call)


@page(blueprint, "POST /course/classes", "classes:write")
def make_class(call: Call) -> Response:
    """Make a class."""
    try:
        asked = load(ClassRequest(), _form())
        with call.database.transaction() as session:
            made = classes.make(session, call.principal, asked["name"]).id
    except (Invalid, Conflict) as error:
        return _classes(call, error)
    return led_on("classes.show_class", "made", class_id=made)


@page(blueprint, "GET /course/classes/<uuid:class_id>", "classes:read", query=ClassQuery)
def show_class(call: Call, class_id: UUID) -> Response:
    """Show how far a class is."""
    return _class(call, class_id, exercise=call.query["exercise"])


@page(blueprint, "POST /course/classes/<uuid:class_id>/students", "classes:write")
def enroll_student(call: Call, class_id: UUID) -> Response:
    """Put somebody into a class."""
    try:
        asked = load(StudentRequest(), _form())
        with call.database.transaction() as session:
            row = classes.find(session, call.principal, class_id, lock=True)
            classes.enroll(session, row, asked["member_id"], asked["alias"])
    except (Invalid, Conflict) as error:
        return _class(call, class_id, error=error)
    return led_on("classes.show_class", "changed", class_id=class_id)


def _form() -> dict[str, str]:
    return {name: value for name, value in filled(request.form).items() if name != "csrf"}


def _classes(call: Call, error: Invalid | Conflict | None = None) -> Response:
    with call.database.statements() as session:
        found = classes.list_classes(session, call.principal, limit=LISTED)
        sizes = {row.id: len(classes.list_students(session, row)) for row in found}
    return rendered("course/classes.html", status=_status(error), classes=found, sizes=sizes, error=error)


def _class(
    call: Call, class_id: UUID, *, exercise: str | None = None, error: Invalid | Conflict | None = None
) -> Response:
    alike: list[dict[str, Any]] = []
    with call.database.transaction() as session:
        row = classes.find(session, call.principal, class_id)
        told = progress.class_progress(session, row)
        names = {str(one.member_id): classes.alias_of(session, row, one) for one in classes.list_students(session, row)}
        if exercise is not None:
            alike = progress.similarity(session, row, find_exercise(exercise).name, at_least=ALIKE)
    return rendered(
        "course/class.html",
        status=_status(error),
        row=row,
        told=told,
        names=names,
        exercise=exercise,
        alike=alike,
        titles={name: one.title for name, one in curriculum().exercises.items()},
        error=error,
    )


def _status(error: Invalid | Conflict | None) -> int:
    return 200 if error is None else status_of(type(error))
