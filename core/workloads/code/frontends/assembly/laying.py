"""This file is about what statements mean: cards and data laid into a chain, with every fault told where it stands."""

import difflib
from collections.abc import Iterable
from dataclasses import dataclass, field

from core.workloads.code.engine.cards import IMMEDIATE, MEMORY, SMALL, Card, Mode, Operand, number
from core.workloads.code.engine.linking import Chain, Symbol
from core.workloads.code.engine.operations.base import Operation
from core.workloads.code.engine.table import BY_NAME
from core.workloads.code.engine.validation import allowed_modes, card_fault
from core.workloads.code.engine.words import MAX_CARDS, STORE_WORDS
from core.workloads.code.frontends.assembly import directives
from core.workloads.code.frontends.assembly.lexing import Token, problem
from core.workloads.code.frontends.assembly.parsing import REGISTERS
from core.workloads.code.frontends.assembly.statements import Statement, Value, Written, shown
from core.workloads.code.frontends.base import Diagnostic, Phase

_FIELDS = {
    "r": "a register",
    "s": "a register",
    "x": "a register, number or column",
    "m": "a column",
    "n": "a number",
}
_EXAMPLES = {"r": "A", "s": "B", "x": "#5", "m": "V20", "n": "5"}
_RESERVED = {*REGISTERS, "F", "S"}


@dataclass(slots=True)
class Layer:
    """Lays statement after statement; knows the names that the whole source defines."""

    chain: Chain = field(default_factory=Chain)
    problems: list[Diagnostic] = field(default_factory=list)
    names: dict[str, Token] = field(default_factory=dict)
    constants: dict[str, int] = field(default_factory=dict)
    columns: set[str] = field(default_factory=set)

    def learn(self, statements: Iterable[Statement]) -> None:
        """Note every name that is defined, so that a use before it can be judged."""
        pending: list[Token] = []
        for statement in statements:
            pending.extend(statement.labels)
            for label in statement.labels:
                self._define(label)
            if statement.head is None:
                continue
            if statement.head.kind == "directive":
                if statement.head.text in directives.LAYING:
                    self.columns.update(label.text for label in pending)
                directives.learn(self, statement)
            pending = []

    def lay(self, statement: Statement) -> None:
        """Lay one statement; a fault is told, and a card that does nothing takes the place."""
        head = statement.head
        for label in statement.labels:
            if label.text not in self.columns and self.names.get(label.text) is label:
                self.chain.label(label.text)
        if head is None:
            return
        if head.kind == "directive":
            directives.lay(self, statement)
            return
        operation = BY_NAME.get(head.text.upper())
        if operation is None:
            self.tell(head, f"there is no operation {head.text}", _nearest(head.text.upper(), BY_NAME), Phase.PARSE)
            self.chain.add("NOP", line=head.line, column=head.column)
            return
        self._operation(operation, statement, head)

    def define(self, token: Token, value: int) -> None:
        """Give a constant its name."""
        if self._define(token):
            self.constants[token.text] = value

    def tell(self, token: Token, message: str, hint: str = "", phase: Phase = Phase.SEMANTIC) -> None:
        """Keep a diagnostic."""
        self.problems.append(problem(token, message, hint, phase))

    def value(self, value: Value, token: Token, mode: Mode = Mode.SMALL) -> Operand | Symbol:
        """Return what a value stands for: a number, or the name of a card or column."""
        if value.name is None:
            return number(value.number) if mode is Mode.SMALL else Operand(mode, value.number)
        if value.name in self.constants:
            known = self.constants[value.name] + value.number
            return number(known) if mode is Mode.SMALL else Operand(mode, known)
        if value.name not in self.names:
            self.tell(token, f"nothing is named {value.name}", _nearest(value.name, self.names))
            return number(0)
        return Symbol(value.name, mode, value.number)

    def _define(self, token: Token) -> bool:
        earlier = self.names.setdefault(token.text, token)
        if earlier is not token:
            self.tell(token, f"the name {token.text} is given twice", f"it was given in line {earlier.line}")
            return False
        if token.text.upper() in _RESERVED:
            self.tell(token, f"{token.text} is a register and cannot be a name", "take a longer name")
        return True

    def _operation(self, operation: Operation, statement: Statement, head: Token) -> None:
        fields = operation.form.split()
        given = statement.operands
        if len(given) != len(fields):
            example = f"{operation.name} {', '.join(_EXAMPLES[name] for name in fields)}"
            where = given[len(fields)].token if len(given) > len(fields) else head
            are = "is" if len(given) == 1 else "are"
            told = f"{operation.name} takes {len(fields)} operand{'s' * (len(fields) != 1)}, {len(given)} {are} given"
            self.tell(where, told, f"as in {example.strip()}", Phase.PARSE)
            self.chain.add("NOP", line=head.line, column=head.column)
            return
        registers, operand = {"r": 0, "s": 0}, None
        for name, one in zip(fields, given, strict=True):
            if name in registers:
                registers[name] = self._register(one)
            else:
                operand = self._operand(operation, name, one)
        self.chain.add(
            operation.name, r=registers["r"], s=registers["s"], x=operand, line=head.line, column=head.column
        )

    def _register(self, one: Written) -> int:
        if one.kind != "register":
            hint = "load it into a register first (LD)" if one.kind != "bare" else "registers are A, B, C and D"
            self.tell(one.token, f"{shown(one)} stands where a register is expected", hint, Phase.PARSE)
            return 0
        return one.value.number

    def _operand(self, operation: Operation, name: str, one: Written) -> Operand | Symbol:
        operand = self._resolve(operation, name, one)
        if operand.mode not in allowed_modes(operation.form) and not (
            isinstance(operand, Symbol) and operand.mode in IMMEDIATE and Mode.SMALL in allowed_modes(operation.form)
        ):
            self.tell(one.token, f"{operation.name} takes {_FIELDS[name]} here, not {shown(one)}", phase=Phase.PARSE)
            return Operand(Mode.STORE if name == "m" else Mode.SMALL, 0)
        if isinstance(operand, Operand) and not operation.jumps:
            fault = card_fault(Card(operation.name, mode=operand.mode, value=operand.value), MAX_CARDS)
            if fault is not None:
                self.tell(one.token, fault)
        return operand

    def _resolve(self, operation: Operation, name: str, one: Written) -> Operand | Symbol:
        match one.kind:
            case "register":
                return Operand(Mode.REGISTER, one.value.number)
            case "column":
                return Operand(Mode.STORE, one.value.number)
            case "immediate":
                return self.value(one.value, one.token)
            case "indexed":
                mode = Mode.FRAME if one.index == "F" else Mode(Mode.AT_A + REGISTERS[one.index])
                return self.value(one.value, one.token, mode)
        if operation.jumps or name == "n":
            self._judge_target(operation, one)
            return self.value(one.value, one.token)
        return self._bare(one)

    def _bare(self, one: Written) -> Operand | Symbol:
        if one.value.name is None or one.value.name in self.constants:
            text = shown(one)
            hint = f"write #{text} for the number" + (f", V{text} for the column" if text.isdecimal() else "")
            self.tell(one.token, f"is {text} a number or a column?", hint, Phase.PARSE)
        elif one.value.name in self.names and one.value.name not in self.columns:
            hint = f"#{one.value.name} is the number of the card"
            self.tell(one.token, f"{one.value.name} names a card, and a column is expected", hint)
        return self.value(one.value, one.token, Mode.STORE)

    def _judge_target(self, operation: Operation, one: Written) -> None:
        name = one.value.name
        if operation.jumps and name in self.columns:
            hint = "load it into a register to jump to the card whose number it holds"
            self.tell(one.token, f"{name} names a column, and {operation.name} takes a card", hint)


def check_ranges(chain: Chain, problems: list[Diagnostic]) -> None:
    """Tell of resolved cards whose numbers do not fit, which only a whole chain shows."""
    cards = len(chain.cards)
    for laid in chain.cards:
        if isinstance(laid, tuple):
            card, symbol = laid
            place = chain.labels.get(symbol.name, chain.columns.get(symbol.name, 0)) + symbol.offset
            fault = card_fault(Card(card.op, card.r, card.s, symbol.mode, place), cards) if abs(place) < SMALL else None
        else:
            card, fault = laid, card_fault(laid, cards) if laid.mode not in MEMORY else None
        if fault is not None and not any(one.line == card.line for one in problems):
            problems.append(Diagnostic(Phase.SEMANTIC, fault, card.line, card.column))
    if cards > MAX_CARDS:
        last = chain.cards[-1]
        line = (last[0] if isinstance(last, tuple) else last).line
        problems.append(Diagnostic(Phase.CODEGEN, f"the chain has {cards} cards; {MAX_CARDS} can be hung", line, 1))
    if chain.free > STORE_WORDS:
        told = f"the data take {chain.free} columns; the Store has {STORE_WORDS}"
        problems.append(Diagnostic(Phase.CODEGEN, told, 1, 1, hint="keep less in .space and .word"))


def _nearest(name: str, known: Iterable[str]) -> str:
    close = difflib.get_close_matches(name, sorted(known), n=1)
    return f"did you mean {close[0]}?" if close else ""
