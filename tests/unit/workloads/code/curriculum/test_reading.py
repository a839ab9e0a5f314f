"""A course is read from files; what is wrong with one is told with file and field."""

from pathlib import Path

import pytest

from core.workloads.code.curriculum.reading import ContentInvalid, read_curriculum

MODULE = """
title = "Looms"
period = "1804"
summary = "Cards."
language = "python"
sources = ["somebody"]
lessons = ["looms"]
"""
EXERCISE = """
title = "Double"
difficulty = 1
input = "A number."
output = "Its double."
statement = "Double it."
hints = ["Add."]
cases = [
    { name = "two", stdin = "2", expected = "4" },
    { name = "three", stdin = "3", expected = "6", points = 2, hidden = true },
]

[[mistakes]]
told = "Squaring."

[[solutions]]
language = "python"
source = "print(2 * int(input()))"
"""
LESSON = "# Looms\n\nText.\n\n```python run\nprint(1)\n```\n```output\n1\n```\n"


def course(folder: Path, *, module: str = MODULE, lesson: str = LESSON, exercise: str = EXERCISE) -> Path:
    below = folder / "01-looms"
    (below / "exercises").mkdir(parents=True)
    (below / "module.toml").write_text(module)
    (below / "looms.md").write_text(lesson)
    (below / "exercises" / "double.toml").write_text(exercise)
    return folder


def test_a_course_is_read_as_it_is_written(tmp_path: Path) -> None:
    read = read_curriculum(course(tmp_path))
    exercise = read.exercises["double"]
    assert (exercise.module, exercise.points, [case.hidden for case in exercise.cases]) == ("looms", 3, [False, True])
    assert exercise.grading()[1] == {"name": "three", "stdin": "3", "expected": "6", "points": 2.0, "hidden": True}
    module, lesson = read.lessons["looms"]
    assert (module.name, lesson.title, lesson.text.startswith("Text.")) == ("looms", "Looms", True)
    assert [(one.language, one.source, one.claimed, one.line) for one in lesson.samples] == [
        ("python", "print(1)\n", "1\n", 5)
    ]


@pytest.mark.parametrize(
    ("changed", "pointer"),
    [
        (EXERCISE.replace("difficulty = 1", "difficulty = 6"), "/difficulty"),
        (EXERCISE.replace("difficulty = 1", 'difficulty = "1"'), "/difficulty"),
        (EXERCISE.replace('input = "A number."\n', ""), "/input"),
        (EXERCISE.replace('told = "Squaring."', 'told = "Squaring."\nlanguage = "c"'), "/mistakes/0/source"),
        (EXERCISE.replace('language = "python"', 'language = "basic"'), "/solutions/0/language"),
        (EXERCISE.replace(", hidden = true", ""), "/cases"),
        (EXERCISE.replace('expected = "4"', 'expected = "4", hidden = true'), "/cases"),
        (EXERCISE.replace('"three"', '"two"'), "/cases"),
        (EXERCISE.replace("difficulty = 1", 'difficulty = 1\nlanguages = ["c"]'), "/solutions"),
        (EXERCISE + "\nunknown = 1\n", "/solutions/0/unknown"),
        (EXERCISE + "[", ""),
    ],
)
def test_a_wrong_exercise_is_told_with_its_field(tmp_path: Path, changed: str, pointer: str) -> None:
    with pytest.raises(ContentInvalid) as refused:
        read_curriculum(course(tmp_path, exercise=changed))
    assert "01-looms/exercises/double.toml" in refused.value.detail
    assert [one.pointer for one in refused.value.errors] == [pointer]


@pytest.mark.parametrize(
    ("lesson", "told"),
    [
        ("No title.\n", "A lesson begins with its title"),
        (LESSON.replace("output", "text"), "line 5: the program is followed by no block"),
        (LESSON.replace("python", "basic"), "line 5: 'basic' is no language"),
    ],
)
def test_a_wrong_lesson_is_told_with_its_line(tmp_path: Path, lesson: str, told: str) -> None:
    with pytest.raises(ContentInvalid, match=told) as refused:
        read_curriculum(course(tmp_path, lesson=lesson))
    assert "01-looms/looms.md" in refused.value.detail


def test_a_lesson_that_is_not_there_is_missed(tmp_path: Path) -> None:
    with pytest.raises(ContentInvalid, match=r"01-looms/others\.md: There is no such lesson"):
        read_curriculum(course(tmp_path, module=MODULE.replace('"looms"', '"others"')))


def test_a_name_is_used_once(tmp_path: Path) -> None:
    course(tmp_path)
    again = course(tmp_path / "more")
    (again / "01-looms").rename(tmp_path / "02-more")
    with pytest.raises(ContentInvalid, match="double is there twice"):
        read_curriculum(tmp_path)
