"""This file is about the assembler as a front end: lexer, parser, layer, and the symbols they find."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from core.workloads.code.engine.cards import Program
from core.workloads.code.frontends.assembly import decks
from core.workloads.code.frontends.assembly.laying import Layer, check_ranges
from core.workloads.code.frontends.assembly.lexing import Token, lex_line
from core.workloads.code.frontends.assembly.parsing import Misread, parse_line
from core.workloads.code.frontends.assembly.statements import Statement
from core.workloads.code.frontends.base import MOST_DIAGNOSTICS, Diagnostic, FrontEnd, Phase, Translation


@dataclass(frozen=True, slots=True)
class Assembler:
    """Translates mnemonics, and decks of Fourmilab cards, which it knows by their first card."""

    name: str = "assembly"
    title: str = "Engine assembly: native mnemonics, and card decks of the Fourmilab emulator"
    uncaught: int | None = None

    def check(self, source: str) -> Translation:
        """Find errors and symbols."""
        found = self.translate(source)
        return Translation(None, found.diagnostics, symbols=found.symbols)

    def translate(self, source: str, show: Collection[str] = ()) -> Translation:
        """Assemble."""
        if decks.is_deck(source):
            return decks.translate(source, show)
        tokens, statements, problems = _read(source)
        shown = _shown(show, tokens, statements)
        layer = Layer()
        layer.learn(statements)
        for statement in statements:
            layer.lay(statement)
        problems.extend(layer.problems)
        check_ranges(layer.chain, problems)
        if not layer.chain.cards and not problems:
            hint = "write at least HLT #0"
            problems.append(Diagnostic(Phase.PARSE, "there is no card in this program", 1, 1, hint=hint))
        ordered = sorted(problems, key=lambda one: (one.line, one.column))[:MOST_DIAGNOSTICS]
        if ordered:
            return Translation(None, ordered, shown)
        program = layer.chain.link()
        return Translation(program, (), shown, _symbols(program, layer.names))


def _read(source: str) -> tuple[list[Token], list[Statement], list[Diagnostic]]:
    tokens: list[Token] = []
    statements: list[Statement] = []
    problems: list[Diagnostic] = []
    for number, line in enumerate(source.split("\n"), 1):
        found, faults = lex_line(line, number)
        tokens.extend(found)
        problems.extend(faults)
        if not found or faults:
            continue
        try:
            statements.append(parse_line(found))
        except Misread as misread:
            problems.append(misread.diagnostic)
    return tokens, statements, problems


def _shown(show: Collection[str], tokens: list[Token], statements: list[Statement]) -> dict[str, Any]:
    shown: dict[str, Any] = {}
    if "tokens" in show:
        shown["tokens"] = [
            {"kind": one.kind, "text": one.text, "line": one.line, "column": one.column} for one in tokens
        ]
    if "ast" in show:
        shown["ast"] = [one.document() for one in statements]
    return shown


def _symbols(program: Program, names: dict[str, Token]) -> list[dict[str, Any]]:
    return [
        {"name": name, "kind": kind, "type": f"{kind} {place}", "line": names[name].line, "column": names[name].column}
        for kind, places in (("card", program.labels), ("column", program.columns))
        for name, place in sorted(places.items())
        if name in names
    ]


FRONT_END: FrontEnd = Assembler()
