"""Note G: the first program, corrected in its two slips, gives B7 = -1/30 in Lovelace's numbering."""

from fractions import Fraction
from math import comb
from pathlib import Path

from tests.unit.workloads.code.assembling import job

SOURCE = Path(__file__).parent / "assembly" / "note_g.asm"
IN_C = Path(__file__).parent / "frontends" / "c" / "note_g.c"
PLACES = 40


def bernoulli(index: int) -> Fraction:
    """Compute a number of Bernoulli in the modern numbering, by the recursion of its definition."""
    known = [Fraction(1)]
    for n in range(1, index + 1):
        known.append(-sum((comb(n + 1, k) * known[k] for k in range(n)), Fraction(0)) / (n + 1))
    return known[index]


def test_the_table_of_1842_gives_b7() -> None:
    result = job(SOURCE.read_text(), emit=["assembly"])
    assert (result["verdict"], result["diagnostics"]) == ("ok", [])
    found = Fraction(int(result["stdout"]), 10**PLACES)
    assert bernoulli(8) == Fraction(-1, 30)
    assert abs(found - bernoulli(8)) < Fraction(1, 10 ** (PLACES - 2))
    assert 25 * 60 < result["engine_seconds"] < 30 * 60, "26 products and quotients of a minute each, and the rest"


def test_the_table_in_c_gives_b7_as_a_fraction() -> None:
    result = job(IN_C.read_text(), language="c")
    assert (result["verdict"], result["diagnostics"]) == ("ok", [])
    assert result["stdout"] == "B7 = -1/30\n"
