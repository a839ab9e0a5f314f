"""This file is about reading a course from its folder; whatever is wrong is told with file and field."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from marshmallow import ValidationError

from core.errors import FieldError, Invalid, field_errors
from core.jobs.kind import Params
from core.workloads.code.curriculum.parts import Case, Curriculum, Exercise, Lesson, Mistake, Module, Solution
from core.workloads.code.curriculum.samples import SampleInvalid, find_samples
from core.workloads.code.curriculum.schemas import ExerciseFile, ModuleFile

CONTENT = Path(__file__).parent / "content"


class ContentInvalid(Invalid):
    """A file of the course does not say what it has to."""

    code = "content_invalid"


@cache
def curriculum() -> Curriculum:
    """Return the course that comes with the platform."""
    return read_curriculum(CONTENT)


def read_curriculum(folder: Path) -> Curriculum:
    """Read a course; raises `ContentInvalid`."""
    modules = tuple(_read_module(below) for below in sorted(folder.iterdir()) if (below / "module.toml").is_file())
    exercises: dict[str, Exercise] = {}
    lessons: dict[str, tuple[Module, Lesson]] = {}
    for module in modules:
        for exercise in module.exercises:
            _refuse_twice(exercises, exercise.name, folder)
            exercises[exercise.name] = exercise
        for lesson in module.lessons:
            _refuse_twice(lessons, lesson.name, folder)
            lessons[lesson.name] = (module, lesson)
    return Curriculum(modules, exercises, lessons)


def _read_module(folder: Path) -> Module:
    told = _load(folder / "module.toml", ModuleFile())
    name = folder.name.partition("-")[2]
    lessons = tuple(_read_lesson(folder / f"{one}.md") for one in told.pop("lessons"))
    exercises = sorted((folder / "exercises").glob("*.toml"))
    read = sorted((_read_exercise(path, name) for path in exercises), key=lambda one: (one.difficulty, one.name))
    return Module(name, lessons=lessons, exercises=tuple(read), sources=tuple(told.pop("sources")), **told)


def _read_lesson(path: Path) -> Lesson:
    try:
        text = path.read_text()
    except FileNotFoundError:
        raise _refusal(path, "", "There is no such lesson.") from None
    title, _, below = text.partition("\n")
    if not title.startswith("# "):
        raise _refusal(path, "", "A lesson begins with its title, `# …`.")
    try:
        return Lesson(path.stem, title[2:].strip(), below.strip() + "\n", tuple(find_samples(text)))
    except SampleInvalid as error:
        raise _refusal(path, "", str(error)) from error


def _read_exercise(path: Path, module: str) -> Exercise:
    told = _load(path, ExerciseFile())
    parts: dict[str, Any] = {
        "languages": tuple(told.pop("languages")),
        "cases": tuple(Case(**one) for one in told.pop("cases")),
        "solutions": tuple(Solution(**one) for one in told.pop("solutions")),
        "hints": tuple(told.pop("hints")),
        "mistakes": tuple(Mistake(**one) for one in told.pop("mistakes")),
    }
    return Exercise(path.stem, module, **told, **parts)


def _load(path: Path, schema: Params) -> dict[str, Any]:
    try:
        found: dict[str, Any] = schema.load(tomllib.loads(path.read_text()))
    except tomllib.TOMLDecodeError as error:
        raise _refusal(path, "", str(error)) from error
    except ValidationError as error:
        wrong = list(field_errors(error.messages))
        detail = "; ".join(f"{one.pointer}: {one.detail}" for one in wrong)
        raise ContentInvalid(f"{_shown(path)}: {detail}", errors=wrong) from error
    return found


def _refuse_twice(known: dict[str, Any], name: str, folder: Path) -> None:
    if name in known:
        raise _refusal(folder, "", f"{name} is there twice.")


def _refusal(path: Path, pointer: str, detail: str) -> ContentInvalid:
    return ContentInvalid(f"{_shown(path)}: {detail}", errors=[FieldError(pointer, detail)])


def _shown(path: Path) -> str:
    return "/".join(path.parts[-3:])
