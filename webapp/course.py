"""What is told of the course, of submissions and of classes."""

from typing import Any

from sqlalchemy.orm import Session

from core.clock import rfc3339
from core.errors import Missing
from core.workloads.code.curriculum.parts import Case, Exercise, Lesson, Module
from core.workloads.code.curriculum.reading import curriculum
from core.workloads.code.operations import submissions
from core.workloads.code.operations.models import ClassRow, SubmissionRow

ROOT = "/api/v1"


class ModuleMissing(Missing):
    """The course has no such module."""

    code = "module_missing"


class LessonMissing(Missing):
    """The course has no such lesson."""

    code = "lesson_missing"


class ExerciseMissing(Missing):
    """The course has no such exercise."""

    code = "exercise_missing"


def find_module(name: str) -> Module:
    """Return a module; raises `ModuleMissing`."""
    found = next((module for module in curriculum().modules if module.name == name), None)
    if found is None:
        raise ModuleMissing(f"there is no module {name!r}")
    return found


def find_lesson(name: str) -> tuple[Module, Lesson]:
    """Return a lesson and its module; raises `LessonMissing`."""
    found = curriculum().lessons.get(name)
    if found is None:
        raise LessonMissing(f"there is no lesson {name!r}")
    return found


def find_exercise(name: str) -> Exercise:
    """Return an exercise; raises `ExerciseMissing`."""
    found = curriculum().exercises.get(name)
    if found is None:
        raise ExerciseMissing(f"there is no exercise {name!r}")
    return found


def module_document(module: Module) -> dict[str, Any]:
    """Tell of a module."""
    told = {name: getattr(module, name) for name in ("name", "title", "period", "summary", "language", "sources")}
    return {
        **told,
        "lessons": [lesson.name for lesson in module.lessons],
        "exercises": [exercise.name for exercise in module.exercises],
        "points": sum(exercise.points for exercise in module.exercises),
        "links": {"self": f"{ROOT}/modules/{module.name}", "lessons": f"{ROOT}/modules/{module.name}/lessons"},
    }


def lesson_brief(module: Module, lesson: Lesson) -> dict[str, Any]:
    """Tell of a lesson without its text."""
    return {
        "name": lesson.name,
        "module": module.name,
        "title": lesson.title,
        "words": len(lesson.text.split()),
        "links": {"self": f"{ROOT}/lessons/{lesson.name}"},
    }


def lesson_document(module: Module, lesson: Lesson) -> dict[str, Any]:
    """Tell of a lesson."""
    shown = ("language", "source", "stdin", "claimed", "refused", "line")
    return {
        **lesson_brief(module, lesson),
        "text": lesson.text,
        "samples": [{name: getattr(one, name) for name in shown} for one in lesson.samples],
        "exercises": [exercise.name for exercise in module.exercises],
    }


def exercise_brief(exercise: Exercise) -> dict[str, Any]:
    """Tell of an exercise in a list."""
    told = {name: getattr(exercise, name) for name in ("name", "module", "title", "difficulty", "points", "languages")}
    return {**told, "links": {"self": f"{ROOT}/exercises/{exercise.name}"}}


def exercise_document(exercise: Exercise, *, for_teacher: bool) -> dict[str, Any]:
    """Tell of an exercise; of hidden cases only that they are there."""
    told: dict[str, Any] = {
        **exercise_brief(exercise),
        **{name: getattr(exercise, name) for name in ("statement", "input", "output", "comparison", "hints")},
        "cases": [_case_document(case) for case in exercise.cases],
    }
    if for_teacher:
        told["mistakes"] = [
            {"told": one.told, "language": one.language, "source": one.source} for one in exercise.mistakes
        ]
        told["solutions"] = [{"language": one.language, "source": one.source} for one in exercise.solutions]
    return told


def _case_document(case: Case) -> dict[str, Any]:
    shown = {"stdin": case.stdin, "expected": case.expected} if not case.hidden else {"stdin": None, "expected": None}
    return {"name": case.name, "hidden": case.hidden, "points": case.points, **shown}


def submission_brief(row: SubmissionRow) -> dict[str, Any]:
    """Tell of a submission without what is sealed."""
    told = ("exercise", "language", "status", "verdict", "points", "points_possible", "reason")
    return {
        "id": str(row.id),
        "member_id": str(row.member_id),
        **{name: getattr(row, name) for name in told},
        "created_at": rfc3339(row.created_at),
        "links": {"self": f"{ROOT}/submissions/{row.id}", "job": f"{ROOT}/jobs/{row.job_id}"},
    }


def submission_document(session: Session, row: SubmissionRow) -> dict[str, Any]:
    """Tell of a submission to whoever may read it."""
    answer = submissions.answer_of(session, row) or {"cases": None, "diagnostics": None, "notes": None}
    return {**submission_brief(row), "source": submissions.source_of(session, row), **answer}


def class_document(row: ClassRow, students: int) -> dict[str, Any]:
    """Tell of a class."""
    home = f"{ROOT}/classes/{row.id}"
    return {
        "id": str(row.id),
        "name": row.name,
        "students": students,
        "created_at": rfc3339(row.created_at),
        "links": {"self": home, "progress": f"{home}/progress"},
    }
