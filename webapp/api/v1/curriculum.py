"""The course: its modules, lessons and exercises."""

from flask import Response
from flask_smorest import Blueprint

from core.workloads.code.curriculum.reading import curriculum
from webapp.course import (
    exercise_brief,
    exercise_document,
    find_exercise,
    find_lesson,
    find_module,
    lesson_brief,
    lesson_document,
    module_document,
)
from webapp.operations import Answer, Call, json_answer, operation, page_answer
from webapp.schemas.course import (
    ExerciseDocument,
    ExerciseList,
    ExercisesQuery,
    LessonDocument,
    LessonList,
    LessonsQuery,
    ModuleDocument,
    ModuleList,
)

blueprint = Blueprint("curriculum", __name__, description="A course to read and to solve")


@operation(blueprint, "GET /modules", "courses:read", answers={200: Answer("Every module", ModuleList)})
def list_modules(_call: Call) -> Response:
    """List the modules in their order."""
    return page_answer([module_document(module) for module in curriculum().modules])


@operation(
    blueprint,
    "GET /modules/<module>",
    "courses:read",
    answers={200: Answer("The module", ModuleDocument)},
    problems=(404,),
)
def read_module(_call: Call, module: str) -> Response:
    """Read what a module is about."""
    return json_answer(module_document(find_module(module)))


@operation(
    blueprint,
    "GET /modules/<module>/lessons",
    "courses:read",
    answers={200: Answer("Its lessons", LessonList)},
    problems=(404,),
)
def list_lessons_of_module(_call: Call, module: str) -> Response:
    """List the lessons of a module."""
    found = find_module(module)
    return page_answer([lesson_brief(found, lesson) for lesson in found.lessons])


@operation(
    blueprint,
    "GET /lessons",
    "courses:read",
    query=LessonsQuery,
    answers={200: Answer("The lessons", LessonList)},
    problems=(404,),
)
def list_lessons(call: Call) -> Response:
    """List lessons, module by module."""
    modules = curriculum().modules if call.query["module"] is None else (find_module(call.query["module"]),)
    return page_answer([lesson_brief(module, lesson) for module in modules for lesson in module.lessons])


@operation(
    blueprint,
    "GET /lessons/<lesson>",
    "courses:read",
    answers={200: Answer("The lesson", LessonDocument)},
    problems=(404,),
)
def read_lesson(_call: Call, lesson: str) -> Response:
    """Read a lesson, with the programs in it as they can be run."""
    return json_answer(lesson_document(*find_lesson(lesson)))


@operation(
    blueprint,
    "GET /exercises",
    "courses:read",
    query=ExercisesQuery,
    answers={200: Answer("The exercises", ExerciseList)},
    problems=(404,),
)
def list_exercises(call: Call) -> Response:
    """List exercises, module by module, the easier ones first."""
    modules = curriculum().modules if call.query["module"] is None else (find_module(call.query["module"]),)
    language = call.query["language"]
    return page_answer(
        [
            exercise_brief(exercise)
            for module in modules
            for exercise in module.exercises
            if language is None or language in exercise.languages
        ]
    )


@operation(
    blueprint,
    "GET /exercises/<exercise>",
    "courses:read",
    answers={200: Answer("The exercise", ExerciseDocument)},
    problems=(404,),
)
def read_exercise(call: Call, exercise: str) -> Response:
    """Read an exercise.

    Of hidden cases only names and points are told; teachers see mistakes and reference solutions as well.
    """
    for_teacher = call.principal.may("classes:read")
    return json_answer(exercise_document(find_exercise(exercise), for_teacher=for_teacher))
