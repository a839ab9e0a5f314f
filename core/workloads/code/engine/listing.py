"""This file is about cards as assembly text: a listing that the assembler reads back as the same program."""

from collections.abc import Iterable, Iterator

from core.workloads.code.engine.cards import REGISTERS, Card, Mode, Program
from core.workloads.code.engine.table import BY_NAME
from core.workloads.code.engine.words import FIRST_FREE

_ESCAPES = {"\n": "\\n", "\t": "\\t", "\r": "\\r", "\0": "\\0", "\\": "\\\\", '"': '\\"'}


def listing(program: Program) -> str:
    """Write a whole program: data, messages, and each card with its number as comment and its labels before it."""
    return "\n".join([*_data(program), *_messages(program), *_cards(program)]) + "\n"


def card_text(card: Card) -> str:
    """Write one card."""
    fields = BY_NAME[card.op].form.split()
    written = [_field(card, name) for name in fields]
    return f"{card.op} {', '.join(written)}" if written else card.op


def operand_text(mode: Mode, value: int) -> str:
    """Write an operand."""
    if mode is Mode.REGISTER:
        return REGISTERS[value]
    if mode is Mode.STORE:
        return f"V{value}"
    if mode is Mode.FRAME:
        return f"{value}[F]"
    if mode in (Mode.SMALL, Mode.NUMBER):
        return f"#{value}"
    return f"{value}[{REGISTERS[mode - Mode.AT_A]}]"


def _field(card: Card, name: str) -> str:
    if name == "r":
        return REGISTERS[card.r]
    return REGISTERS[card.s] if name == "s" else operand_text(card.mode, card.value)


def _data(program: Program) -> Iterator[str]:
    """Write the words that are not zero, and where they lie."""
    expected = FIRST_FREE
    for address, word in sorted(program.words.items()):
        if word == 0:
            continue
        if address != expected:
            yield f"        .at {address}"
        yield f"        .word {word}"
        expected = address + 1
    if program.floor != expected:
        yield f"        .floor {program.floor}"


def _messages(program: Program) -> Iterator[str]:
    for code, text in sorted(program.messages.items()):
        yield f'        .message {code} "{"".join(_ESCAPES.get(letter, letter) for letter in text)}"'


def _cards(program: Program) -> Iterator[str]:
    names: dict[int, list[str]] = {}
    for name, number in sorted(program.labels.items()):
        names.setdefault(number, []).append(name)
    for number, card in enumerate(program.cards):
        yield from _labels(names.get(number, ()))
        place = f" line {card.line}" if card.line else ""
        yield f"        {card_text(card):<28}; {number:>5}{place}"
    yield from _labels(names.get(len(program.cards), ()))


def _labels(names: Iterable[str]) -> Iterator[str]:
    for name in names:
        yield f"; {name}:"
