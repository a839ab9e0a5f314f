"""This file is about cards in Python's words: lines that do what a card does, or raise `leave` before they do anything.

Locals: A B C D registers, u upper, s f floor indices, p q what was compared last, n cards still allowed, e engine
seconds beyond one a card, x y z scratch, m the machine, store its Store.
"""

from collections.abc import Iterator

from core.workloads.code.engine.accelerated.byte_unit import BYTE_UNIT
from core.workloads.code.engine.accelerated.mill_cards import MILL_CARDS
from core.workloads.code.engine.accelerated.sums import ARITHMETIC
from core.workloads.code.engine.accelerated.terms import Known, Phrase, address, operand
from core.workloads.code.engine.cards import REGISTERS, Card
from core.workloads.code.engine.operations.jumps import CONDITIONS
from core.workloads.code.engine.words import STORE_WORDS

_SIGNS = {"EQ": "==", "NE": "!=", "LT": "<", "LE": "<=", "GT": ">", "GE": ">="}


def _load(card: Card, known: Known) -> Iterator[str]:
    term, name = operand(card, known), REGISTERS[card.r]
    yield from term.before
    yield f"{name} = {term.text}"
    known.learn(name, term.bound, natural=term.natural)


def _store(card: Card, known: Known) -> Iterator[str]:
    place, before = address(card, known)
    yield from before
    yield f"store[{place}] = {REGISTERS[card.r]}"


def _load_and_zero(card: Card, known: Known) -> Iterator[str]:
    place, before = address(card, known)
    yield from before
    yield f"x = {place}"
    yield f"{REGISTERS[card.r]} = store[x]; store[x] = 0"
    known.learn(REGISTERS[card.r])


def _load_address(card: Card, known: Known) -> Iterator[str]:
    place, before = address(card, known)
    yield from before
    yield f"x = {place}"
    yield f"if x >= {STORE_WORDS}: raise leave"
    yield f"{REGISTERS[card.r]} = x"
    known.learn(REGISTERS[card.r], STORE_WORDS, natural=True)


def _clear(card: Card, known: Known) -> Iterator[str]:
    place, before = address(card, known)
    yield from before
    yield f"store[{place}] = 0"


def _load_upper(card: Card, known: Known) -> Iterator[str]:
    yield f"{REGISTERS[card.r]} = u"
    known.learn(REGISTERS[card.r])


def _set_upper(card: Card, known: Known) -> Iterator[str]:
    term = operand(card, known)
    yield from term.before
    yield f"u = {term.text}"


def _compare(card: Card, known: Known) -> Iterator[str]:
    term = operand(card, known)
    yield from term.before
    yield f"q = {term.text}"
    yield f"p = {REGISTERS[card.r]}"


def _set_if(sign: str) -> Phrase:
    def phrase(card: Card, known: Known) -> Iterator[str]:
        yield f"{REGISTERS[card.r]} = 1 if p {sign} q else 0"
        known.learn(REGISTERS[card.r], 1, natural=True)

    return phrase


def _push(card: Card, known: Known) -> Iterator[str]:
    term = operand(card, known)
    yield from term.before
    yield f"x = {term.text}"
    yield "if s <= floor: raise leave"
    yield "s -= 1; store[s] = x"


def _pop(card: Card, known: Known) -> Iterator[str]:
    yield f"{REGISTERS[card.r]} = store[s]; s += 1"
    known.learn(REGISTERS[card.r])


def _enter(card: Card, _known: Known) -> Iterator[str]:
    yield f"x = s - {card.value + 1}"
    yield "if x < floor: raise leave"
    yield "store[s - 1] = f; s = f = x"


def _leave(card: Card, _known: Known) -> Iterator[str]:
    yield f"y = store[f + {card.value}]"
    yield f"if not 0 <= y <= {STORE_WORDS}: raise leave"
    yield f"s = f + {card.value + 1}; f = y"


def _adjust(card: Card, _known: Known) -> Iterator[str]:
    yield f"x = s + {card.value}"
    yield f"if not floor <= x <= {STORE_WORDS}: raise leave"
    yield "s = x"


def _index(name: str) -> Phrase:
    def phrase(card: Card, known: Known) -> Iterator[str]:
        yield f"{REGISTERS[card.r]} = {name}"
        known.learn(REGISTERS[card.r], STORE_WORDS, natural=True)

    return phrase


def _rest(_card: Card, _known: Known) -> Iterator[str]:
    yield from ()


def _print(text: str) -> Phrase:
    def phrase(card: Card, known: Known) -> Iterator[str]:
        term = operand(card, known)
        yield from term.before
        yield f"put({text.format(term.text)})"

    return phrase


PHRASES: dict[str, Phrase] = {
    **ARITHMETIC,
    **BYTE_UNIT,
    **MILL_CARDS,
    "NOP": _rest,
    "LD": _load,
    "ST": _store,
    "LDZ": _load_and_zero,
    "LEA": _load_address,
    "CLR": _clear,
    "LDU": _load_upper,
    "STU": _set_upper,
    "CMP": _compare,
    "PUSH": _push,
    "POP": _pop,
    "ENT": _enter,
    "LVE": _leave,
    "ADS": _adjust,
    "LDS": _index("s"),
    "LDF": _index("f"),
    "PRN": _print("b'%d' % {}"),
    "PRC": _print("encoded({})"),
    "PRB": _print("one_byte({})"),
    **{f"S{name}": _set_if(_SIGNS[name]) for name in CONDITIONS},
}
JUMP_SIGNS = {f"J{name}": sign for name, sign in _SIGNS.items()}
