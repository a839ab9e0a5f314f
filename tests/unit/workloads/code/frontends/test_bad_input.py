"""Bad input, the same for every language: a diagnostic or the right answer each, never an error of the platform."""

from typing import Any

import pytest

from core.workloads.code.frontends import languages
from core.workloads.code.frontends.sources import LARGEST_BYTES
from tests.unit.workloads.code.assembling import job

HELLO = {
    "assembly": "LD A, #7\nPRN A\nHLT #0\n",
    "c": '#include <stdio.h>\nint main(void) {\n    puts("7");\n    return 0;\n}\n',
    "haskell": "main :: IO ()\nmain = print 7\n",
    "idris": "main : IO ()\nmain = printLn 7\n",
    "java": "class Main {\n    public static void main(String[] args) {\n        System.out.println(7);\n    }\n}\n",
    "lisp": "(display 7)\n(newline)\n",
    "python": "print(7)\n",
    "system-f": "7;\n",
}
"""A program of each language that there may be."""
COMMENT = {
    "assembly": (";", "\n"),
    "c": ("//", "\n"),
    "haskell": ("--", "\n"),
    "idris": ("--", "\n"),
    "java": ("//", "\n"),
    "lisp": (";", "\n"),
    "python": ("#", "\n"),
    "system-f": ("/*", "*/\n"),
}
SPOKEN = languages.spoken()
NEVER_A_PROGRAM = {
    "empty": "",
    "blank": " \n\t\n ",
    "nul": "7\x00\n",
    "half a character": "7 \ud800\n",
    "only a mark": "\ufeff",
    "200 brackets opened": "(" * 200,
    "200 brackets closed": ")" * 200,
    "a line of a megabyte": "x" * (1 << 20),
    "a quote alone": '"',
    "other writing": "\u4f60\u597d \U0001f600 \u202e\n",
    "control characters": "\x01\x02\x1b[31m\x7f\n",
}
MAYBE_A_PROGRAM = {
    "200 nested brackets": "(" * 200 + "1" + ")" * 200,
    "200 nested braces": "{" * 200 + "}" * 200,
    "a comment without an end": "/* (* {- #| ",
    "60,000 signs": "-" * 60_000,
    "a number of 60,000 digits": "1" * 60_000,
    "a character that does not exist": 'main = putStrLn "\\\\99999999999999999999999"',
    "20,000 lines": "\n" * 20_000 + "1",
}


def run(language: str, source: str) -> dict[str, Any]:
    return job(source, language=language, limits={"steps": 1_000_000})


def padded(language: str, size: int) -> str:
    begin, end = COMMENT[language]
    lines = HELLO[language] + begin
    return lines + "x" * (size - len(lines) - len(end)) + end


def test_every_language_is_tried() -> None:
    assert set(SPOKEN) <= set(HELLO) == set(COMMENT) == set(languages.NAMES)


@pytest.mark.parametrize("language", SPOKEN)
@pytest.mark.parametrize("source", NEVER_A_PROGRAM.values(), ids=NEVER_A_PROGRAM)
def test_what_is_no_program_gets_a_diagnostic(language: str, source: str) -> None:
    ran = run(language, source)
    assert ran["verdict"] == "compile_error"
    first = ran["diagnostics"][0]
    assert first["message"]
    assert first["line"] >= 1
    assert first["column"] >= 1


@pytest.mark.parametrize("language", SPOKEN)
@pytest.mark.parametrize("source", MAYBE_A_PROGRAM.values(), ids=MAYBE_A_PROGRAM)
def test_what_may_be_a_program_is_never_the_platforms_fault(language: str, source: str) -> None:
    assert run(language, source)["verdict"] not in {"internal_error", "security"}


@pytest.mark.parametrize("language", SPOKEN)
def test_marks_and_line_ends_of_other_systems_change_nothing(language: str) -> None:
    plain = HELLO[language]
    for source in (plain, "\ufeff" + plain, plain.replace("\n", "\r\n"), plain.replace("\n", "\r"), plain.rstrip("\n")):
        ran = run(language, source)
        assert (ran["verdict"], ran["stdout"].split()[:1]) == ("ok", ["7"]), source


@pytest.mark.parametrize("language", SPOKEN)
def test_a_source_may_have_64_kib_and_no_byte_more(language: str) -> None:
    assert run(language, padded(language, LARGEST_BYTES))["verdict"] == "ok"
    ran = run(language, padded(language, LARGEST_BYTES + 1))
    assert (ran["verdict"], len(ran["diagnostics"])) == ("compile_error", 1)
    assert f"{LARGEST_BYTES + 1} bytes" in ran["diagnostics"][0]["message"]
