"""`penstock course`: modules, lessons, exercises, handing in, classes."""

from pathlib import Path
from typing import Any

import click

from webapp.cli._remote import EXIT_CODES, Remote, echo_json, remote_command

SUFFIXES = {
    ".c": "c",
    ".py": "python",
    ".hs": "haskell",
    ".scm": "lisp",
    ".java": "java",
    ".idr": "idris",
    ".f": "system-f",
    ".asm": "assembly",
}


@click.group(epilog=EXIT_CODES)
def command() -> None:
    """Read the course, hand programs in, and teach a class."""


@command.command(epilog=EXIT_CODES)
@remote_command
def modules(remote: Remote) -> None:
    """List modules with their lessons."""
    with remote.connect() as client:
        found = client.course.modules()
    if remote.as_json:
        echo_json(found)
        return
    for module in found:
        click.echo(f"{module['name']:<22} {module['title']} ({module['period']})")
        click.echo(f"{'':<22} read: {', '.join(module['lessons'])}; {len(module['exercises'])} exercises")


@command.command(epilog=EXIT_CODES)
@click.argument("name")
@remote_command
def lesson(remote: Remote, name: str) -> None:
    """Print a lesson."""
    with remote.connect() as client:
        told = client.course.lesson(name)
    _show(remote, told, f"# {told['title']}\n\n{told['text']}")


@command.command(epilog=EXIT_CODES)
@click.option("--module", help="Of this module.")
@click.option("--language", help="Those that may be solved in it.")
@remote_command
def exercises(remote: Remote, module: str | None, language: str | None) -> None:
    """List exercises."""
    with remote.connect() as client:
        found = client.course.exercises(module, language)
    lines = [
        f"{one['name']:<22} level {one['difficulty']}  {one['points']:>3g} points  {one['title']}" for one in found
    ]
    _show(remote, found, "\n".join(lines))


@command.command(epilog=EXIT_CODES)
@click.argument("name")
@remote_command
def exercise(remote: Remote, name: str) -> None:
    """Print what an exercise asks for."""
    with remote.connect() as client:
        told = client.course.exercise(name)
    shown = [f"{one['stdin']!r} -> {one['expected']!r}" for one in told["cases"] if not one["hidden"]]
    text = [told["title"], "", told["statement"], f"Input: {told['input']}", f"Output: {told['output']}", "", *shown]
    _show(remote, told, "\n".join(text))


@command.command("submit", epilog=EXIT_CODES)
@click.argument("name")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--language", help="By the file's ending unless told.")
@remote_command
def hand_in(remote: Remote, name: str, file: Path, language: str | None) -> None:
    """Hand in FILE for the exercise NAME, wait, and print how each case went."""
    spoken = language or SUFFIXES.get(file.suffix)
    if spoken is None:
        raise click.UsageError(f"{file.name} does not tell its language: give --language")
    with remote.connect() as client:
        made = client.course.hand_in(name, spoken, file.read_text(encoding="utf-8"))
        told = client.course.graded(made["id"])
    _show(remote, told, "\n".join(_graded(told)))


@command.command(epilog=EXIT_CODES)
@click.option("--exercise", help="For this exercise.")
@remote_command
def submissions(remote: Remote, exercise: str | None) -> None:
    """List what you, or your students, handed in."""
    with remote.connect() as client:
        found = list(client.course.submissions(**({} if exercise is None else {"exercise": exercise})))
    lines = [
        f"{one['id']}  {one['exercise']:<22} {one['language']:<9} {one['verdict'] or one['status']:<14} "
        f"{one['points']:g} of {one['points_possible']:g}"
        for one in found
    ]
    _show(remote, found, "\n".join(lines))


@command.command("classes", epilog=EXIT_CODES)
@remote_command
def list_classes(remote: Remote) -> None:
    """List the classes that you teach."""
    with remote.connect() as client:
        found = list(client.course.classes())
    _show(remote, found, "\n".join(f"{one['id']}  {one['students']:>4} students  {one['name']}" for one in found))


@command.command("add-class", epilog=EXIT_CODES)
@click.argument("name")
@remote_command
def add_class(remote: Remote, name: str) -> None:
    """Make a class."""
    with remote.connect() as client:
        told = client.course.make_class(name)
    _show(remote, told, told["id"])


@command.command(epilog=EXIT_CODES)
@click.argument("class_id")
@click.argument("member_id")
@click.argument("alias")
@remote_command
def enroll(remote: Remote, class_id: str, member_id: str, alias: str) -> None:
    """Put a member or key into a class, under the name ALIAS."""
    with remote.connect() as client:
        told = client.course.enroll(class_id, member_id, alias)
    _show(remote, told, f"{told['alias']} is in the class")


@command.command(epilog=EXIT_CODES)
@click.argument("class_id")
@remote_command
def progress(remote: Remote, class_id: str) -> None:
    """Print how far a class is, and which cases fail most."""
    with remote.connect() as client:
        told = client.course.progress(class_id)
    lines = [
        f"{one['alias']:<22} {len(one['solved']):>3} solved  {one['points']:>4g} points" for one in told["students"]
    ]
    for one in told["exercises"]:
        failing = ", ".join(f"{case['case']} ({case['submissions']})" for case in one["failing"][:3])
        lines.append(
            f"{one['exercise']:<22} {one['solved']} of {one['students']} solved; fails: {failing or 'nothing'}"
        )
    _show(remote, told, "\n".join(lines))


@command.command(epilog=EXIT_CODES)
@click.argument("class_id")
@click.argument("exercise")
@remote_command
def similarity(remote: Remote, class_id: str, exercise: str) -> None:
    """Print pairs of students whose programs for an exercise are alike."""
    with remote.connect() as client:
        found = client.course.similarity(class_id, exercise)
    lines = [
        f"{one['similarity']:>4.0%}  {one['language']:<9} {' and '.join(who['alias'] for who in one['students'])}"
        for one in found
    ]
    _show(remote, found, "\n".join(lines) or "No two are alike.")


def _graded(told: dict[str, Any]) -> list[str]:
    lines = [f"{told['verdict'] or told['status']}: {told['points']:g} of {told['points_possible']:g} points"]
    lines += [f"  {one['line']}:{one['column']} {one['message']}" for one in told["diagnostics"] or []]
    for case in told["cases"] or []:
        differs = case["difference"]
        more = f"  line {differs['line']}: {differs['found']!r}, expected {differs['expected']!r}" if differs else ""
        lines.append(f"  {case['verdict']:<14} {case['name']}{more}")
    return [*lines, *(f"  {remark}" for remark in (told["notes"] or {}).get("remarks", []))]


def _show(remote: Remote, document: Any, text: str) -> None:
    if remote.as_json:
        echo_json(document)
    elif text:
        click.echo(text)
