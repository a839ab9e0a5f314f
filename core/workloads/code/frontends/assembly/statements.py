"""This file is about what a line of assembly says: labels, an operation with operands, or a directive with values."""

from dataclasses import dataclass, field
from typing import Any

from core.workloads.code.frontends.assembly.lexing import Token


@dataclass(frozen=True, slots=True)
class Value:
    """A number, a name, or a name and a number: `12`, `total`, `table-1`."""

    number: int
    name: str | None = None


@dataclass(frozen=True, slots=True)
class Written:
    """An operand as it is written: `A`, `#5`, `V20`, `total`, `3[F]`, `table+1[B]`, `7`."""

    kind: str
    """`register`, `immediate`, `column`, `indexed` or `bare` (a value with no mark)."""
    value: Value
    token: Token
    index: str = ""
    """Of an indexed one A, B, C, D or F."""


@dataclass(frozen=True, slots=True)
class Statement:
    """One line."""

    labels: tuple[Token, ...]
    head: Token | None
    """The mnemonic or the directive."""
    operands: tuple[Written, ...] = ()
    values: tuple[Value | str, ...] = ()
    """What a directive is given."""
    tokens: tuple[Token, ...] = field(default=())

    def document(self) -> dict[str, Any]:
        """Return it as a tree that can be shown."""
        return {
            "line": self.tokens[0].line if self.tokens else 0,
            "labels": [one.text for one in self.labels],
            "operation": self.head.text if self.head else None,
            "operands": [{"kind": one.kind, "text": shown(one)} for one in self.operands],
            "values": [value if isinstance(value, str) else _value(value) for value in self.values],
        }


def shown(operand: Written) -> str:
    """Write an operand as it was written, spaces aside."""
    value = _value(operand.value)
    match operand.kind:
        case "register":
            return "ABCD"[operand.value.number]
        case "immediate":
            return f"#{value}"
        case "column":
            return f"V{value}"
        case "indexed":
            return f"{value}[{operand.index}]"
        case _:
            return value


def _value(value: Value) -> str:
    if value.name is None:
        return str(value.number)
    return f"{value.name}{value.number:+d}" if value.number else value.name
