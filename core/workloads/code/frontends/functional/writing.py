"""Printing texts that are known beforehand: from words that hold many characters, without a list."""

from core.workloads.code.frontends.functional.lowering.texts import packed
from core.workloads.code.frontends.functional.terms import Case, Literal, Primitive, Term


def write_text(text: str) -> Term:
    """Print a text."""
    found: Term = Literal(0)
    bits, words = packed(text)
    for word in reversed(words):
        found = Case(Primitive("routine", "write_word", (Literal(word), Literal(bits))), "", (), found)
    return found
