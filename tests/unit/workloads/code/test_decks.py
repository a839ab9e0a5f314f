"""Decks of the Fourmilab emulator: those nobody here wrote, kept here only by what they say, run as they do there."""

import pytest

from tests.unit.workloads.code.assembling import faults, job


def deck(text: str) -> str:
    """Write a deck, one card a word; `~` stands for a space on a card."""
    return "\n".join(word.replace("~", " ") for word in text.split()) + "\n"


@pytest.mark.parametrize(
    ("cards", "printed"),
    [
        ("N1~2 N2~40 + L1 L2 P", "42\n"),
        ("n1~2 n2~40 - l1 l2 p", "-38\n"),
        ("N1~-7 N2~6 * L1 L2 P S3 + L3 L3 P", "-42\n-84\n"),
        ("N1~-7 N2~6 × L1 L2 P", "-42\n"),
        ("N1~100 N2~7 / L1 L2 P S3' S4 + L3 L5 P", "2\n14\n"),
        ("N1~1 N2~3 / L1 <10 L2 S3' + L3 L4 P", "3333333333\n"),
        ("N1~123456 N2~1000 * L1 L2 >3 P", "123456\n"),
        ("N1~5 + Z1 L1 P L1 L2 P", "5\n0\n"),
        ("N1~5 N2~9 - L1 L2 CF?3 + L1 L1 P", "-4\n"),
        ("N1~9 N2~5 - L1 L2 CF?2 + L1 L1 P", "18\n"),
        ("N1~3 N2~1 + L3 L1 S3 - L1 L2 S1 L2 L1 CF?1 CB?12 + L3 L4 P", "3\n"),
        ("N1~1 N2~0 / L1 L2 CF?2 B CF+1 P H P", "0\n"),
    ],
)
def test_cards(cards: str, printed: str) -> None:
    result = job(deck(cards))
    assert (result["verdict"], result["diagnostics"]) == ("ok", [])
    assert result["stdout"] == printed


def test_the_largest_sum_runs_up() -> None:
    nines = "9" * 50
    result = job(deck(f"N1~{nines} N2~2 + L1 L2 CF?1 H P"))
    assert result["stdout"] == "1\n"


def test_upper_and_lower_half_of_a_product() -> None:
    nines = "9" * 50
    result = job(deck(f"N1~{nines} * L1 L1 P S2' + L2 L3 P"))
    assert result["stdout"] == f"1\n{'9' * 49}8\n"


def test_decimal_places_pictures_and_annotations() -> None:
    result = job(
        "A set decimal places to 3\nA write numbers with decimal point\nN1 2.5\nN2 -0.125\n*\nL1\nL2\n>\nP\n"
        "A write in columns\nA write annotation  is \nA write numbers as +##,##9.999\n+\nL1\nL1\nP\nA write new line\n"
    )
    assert result["stdout"] == "-0.312\n is  5.000\n"


def test_cycles_and_alternatives() -> None:
    result = job(deck("N1~3 N2~1 N3~0 ( + L3 L2 S3 P - L3 L1 {? B }{ H } )"))
    assert (result["stdout"], result["bell"]) == ("1\n2\n3\n", 2)
    result = job(deck("N1~3 N2~1 N3~0 (? + L3 L2 S3 P - L3 L1 )"))
    assert result["stdout"] == "1\n2\n3\n"


def test_comments_count_as_cards() -> None:
    result = job("N1 1\nN2 2\n a comment\n. another\n-\nL1\nL2\nCF?2\n one\nH\n two\nP\n")
    assert result["stdout"] == "-1\n"


@pytest.mark.parametrize(
    ("cards", "expected"),
    [
        ("N1~2 N1000~3", [("parse", 2, 2)]),
        ("N1~2 Q", [("parse", 2, 1)]),
        ("N1~2 L", [("parse", 2, 1)]),
        ("N1~2 CF?9", [("semantic", 2, 1)]),
        ("N1~2 CB+9", [("semantic", 2, 1)]),
        ("N1~2 )", [("semantic", 2, 1)]),
        ("N1~2 (", [("semantic", 2, 1)]),
        ("N1~2 {? )", [("semantic", 2, 1), ("semantic", 3, 1)]),
        ("N1~2.5", [("semantic", 1, 1)]),
        ("N1~2 D3", [("parse", 2, 1)]),
        ("N1~2 <101", [("parse", 2, 2)]),
        ("N1~2 A~include~cards~x", [("parse", 2, 1)]),
        ("N1~2 A~sing", [("parse", 2, 1)]),
        (f"N1~1{'0' * 50}", [("semantic", 1, 1)]),
    ],
)
def test_decks_that_cannot_be_laid(cards: str, expected: list[tuple[str, int, int]]) -> None:
    assert faults(deck(cards)) == expected


def test_a_mill_without_an_operation_traps() -> None:
    result = job(deck("N1~2 L1 L1"))
    assert (result["verdict"], result["trap"]["kind"], result["trap"]["line"]) == ("runtime_error", "bad_card", 3)
