"""What is noticed in a program: words, length, nesting, ways through, remarks."""

import pytest

from core.workloads.code.curriculum.lexing import words
from core.workloads.code.curriculum.manners import MANNERS
from core.workloads.code.curriculum.notes import notes
from core.workloads.code.curriculum.references import reference_cards
from core.workloads.code.frontends.languages import NAMES

NESTED = """\
def f(items):
    for item in items:  # if nobody says otherwise
        if item and "if while" in item:
            while item:
                if item > 1:
                    for l in item:
                        print(l)
"""


def test_every_language_has_a_manner() -> None:
    assert MANNERS.keys() == set(NAMES)


@pytest.mark.parametrize(
    ("language", "source", "expected"),
    [
        ("c", 'int a1 = 0x1F; // if\n"s\\"t" /* for */ ++b', "int name sign number sign text sign name"),
        ("python", "x = 'a' # c\nif x: pass", "name sign text keyword name sign keyword"),
        ("lisp", "(let* ((x? 1)) x?) ; end", "sign keyword sign sign name number sign sign name sign"),
        ("haskell", "f x' = x' -- same", "name name sign name"),
        ("assembly", "loop: ADD A, A, #5 ; on", "name sign name name sign name sign sign number"),
        ("c", "\x00é@", "sign name sign"),
    ],
)
def test_a_program_comes_apart_into_words(language: str, source: str, expected: str) -> None:
    found = ["keyword" if one.sort == "keyword" else one.sort for one in words(language, source)]
    wanted = [word if word in {"sign", "name", "number", "text", "keyword"} else "keyword" for word in expected.split()]
    assert found == wanted


def test_words_know_their_lines() -> None:
    assert [one.line for one in words("c", "a /* \n */ b\n\nc")] == [1, 2, 4]


def test_what_is_counted() -> None:
    told = notes("python", NESTED)
    assert (told["lines"], told["nesting"], told["longest_line"]) == (7, 6, 50)
    assert told["ways_through"] == 1 + 6, "two for, two if, one and, one while; no text and no comment"
    assert told["remarks"] == [
        "It is nested 6 deep: a function of its own may hold the inner part.",
        "The name l is easily read as a digit.",
    ]


def test_braces_and_brackets_are_levels() -> None:
    assert notes("c", "int main(void) { if (1) { } { } }")["nesting"] == 2
    assert notes("lisp", "(a (b (c)) (d))")["nesting"] == 3


def test_cards_are_compared_with_the_reference() -> None:
    assert notes("c", "x", cards=301, reference_cards=100)["remarks"] == [
        "It takes 3.0 times as many cards as the reference solution: look for work that is done twice."
    ]
    assert notes("c", "x", cards=300, reference_cards=100)["remarks"] == []


def test_a_long_line_and_many_ways_are_told() -> None:
    assert notes("c", "x" * 100)["remarks"] == []
    assert notes("c", "x" * 101)["remarks"] == ["The longest line has 101 characters; 100 are read easily."]
    assert notes("c", "if " * 14)["remarks"] == []
    assert notes("c", "if " * 15)["remarks"] == ["There are 16 ways through it: take it apart, or let a table decide."]


def test_numbered_names_are_told() -> None:
    assert notes("python", "x1 = 2")["remarks"] == []
    assert notes("python", "x1 = x2")["remarks"] == [
        "Numbered names (x1, x2) say little: name what they hold, or use a list."
    ]


def test_the_reference_takes_so_many_cards_each_time() -> None:
    assert reference_cards("two-numbers", "assembly") == 4 * 5
    assert reference_cards("two-numbers", "java") is None, "nobody has solved it in Java"
