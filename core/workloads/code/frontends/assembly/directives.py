"""This file is about directives: data laid into the Store, constants, and what TRP says."""

from typing import Protocol

from core.workloads.code.engine.cards import SMALL, Operand
from core.workloads.code.engine.linking import Chain, Symbol
from core.workloads.code.engine.words import STORE_WORDS, fits
from core.workloads.code.frontends.assembly.lexing import Token
from core.workloads.code.frontends.assembly.statements import Statement, Value
from core.workloads.code.frontends.base import Phase

LAYING = frozenset({".word", ".space", ".text"})
MEANINGS = {
    ".word": "`.word v, …`: lay words, each a number, a character or a name",
    ".space": "`.space n`: keep n columns, which start as zero",
    ".text": '`.text "…"`: lay a text, one character a word, and a zero behind it',
    ".at": "`.at n`: lay what follows from column n on",
    ".floor": "`.floor n`: let the stack come down to column n, the first free one unless given",
    ".const": "`.const NAME = v`: give a number a name",
    ".message": '`.message n "…"`: what TRP n says',
}


class Layer(Protocol):
    """What lays statements, as directives see it."""

    chain: Chain
    names: dict[str, Token]
    constants: dict[str, int]
    columns: set[str]

    def define(self, token: Token, value: int) -> None:
        """Give a constant its name."""

    def tell(self, token: Token, message: str, hint: str = "", phase: Phase = Phase.SEMANTIC) -> None:
        """Keep a diagnostic."""

    def value(self, value: Value, token: Token) -> Operand | Symbol:
        """Return what a value stands for."""


def learn(layer: Layer, statement: Statement) -> None:
    """Note the constant that a directive defines."""
    head = statement.head
    if head is None or head.text != ".const":
        return
    match statement.values:
        case (Value(name=str()) as name, Value() as value) if name.number == 0:
            known = _known(layer, value)
            token = next(one for one in statement.tokens if one.text == name.name)
            if known is None:
                layer.tell(
                    head, f"{value.name} is no constant yet", "a constant is made of numbers and earlier constants"
                )
            else:
                layer.define(token, known)
        case _:
            layer.tell(head, ".const takes a name and a number", MEANINGS[".const"], Phase.PARSE)


def lay(layer: Layer, statement: Statement) -> None:
    """Do what a directive says."""
    head = statement.head
    if head is None:
        return
    match head.text:
        case ".word":
            _lay_words(layer, statement, head)
        case ".space":
            _lay_space(layer, statement, head)
        case ".text":
            _lay_text(layer, statement, head)
        case ".message":
            _keep_message(layer, statement, head)
        case ".at" | ".floor":
            _set_place(layer, statement, head)
        case ".const":
            pass
        case _:
            layer.tell(head, f"there is no directive {head.text}", f"there are {', '.join(MEANINGS)}", Phase.PARSE)


def _known(layer: Layer, value: Value) -> int | None:
    if value.name is None:
        return value.number
    base = layer.constants.get(value.name)
    return None if base is None else base + value.number


def _name_column(layer: Layer, statement: Statement) -> None:
    """Give the labels that wait for data the next free column."""
    for name in sorted(layer.columns - set(layer.chain.columns)):
        token = layer.names[name]
        if token.line <= (statement.head.line if statement.head else 0):
            layer.chain.columns[name] = layer.chain.free


def _lay_words(layer: Layer, statement: Statement, head: Token) -> None:
    _name_column(layer, statement)
    words: list[int | Symbol] = []
    for value in statement.values:
        if isinstance(value, str):
            layer.tell(head, ".word takes numbers, not texts", "a text is laid by .text", Phase.PARSE)
            continue
        laid = layer.value(value, head)
        words.append(laid if isinstance(laid, Symbol) else laid.value)
    if not statement.values:
        layer.tell(head, ".word takes at least one word", MEANINGS[".word"], Phase.PARSE)
    for word in words:
        if isinstance(word, int) and not fits(word):
            layer.tell(head, f"{word} does not fit a word")
    layer.chain.lay(None, words)


def _lay_space(layer: Layer, statement: Statement, head: Token) -> None:
    _name_column(layer, statement)
    match statement.values:
        case (Value() as value,):
            count = _known(layer, value)
            if count is None or not 0 < count <= STORE_WORDS:
                layer.tell(head, f".space takes a number from 1 to {STORE_WORDS}", MEANINGS[".space"])
                return
            layer.chain.reserve(None, count)
        case _:
            layer.tell(head, ".space takes one number", MEANINGS[".space"], Phase.PARSE)


def _lay_text(layer: Layer, statement: Statement, head: Token) -> None:
    _name_column(layer, statement)
    match statement.values:
        case (str() as text,):
            layer.chain.lay(None, [*map(ord, text), 0])
        case _:
            layer.tell(head, '.text takes one text in "…"', MEANINGS[".text"], Phase.PARSE)


def _set_place(layer: Layer, statement: Statement, head: Token) -> None:
    known = None
    match statement.values:
        case (Value() as value,):
            known = _known(layer, value)
    if known is None or not 0 <= known <= STORE_WORDS:
        layer.tell(head, f"{head.text} takes a number from 0 to {STORE_WORDS}", MEANINGS[head.text])
    elif head.text == ".at":
        layer.chain.free = known
    else:
        layer.chain.floor = known


def _keep_message(layer: Layer, statement: Statement, head: Token) -> None:
    match statement.values:
        case (Value() as code, str() as text):
            known = _known(layer, code)
            if known is None or not 0 <= known < SMALL:
                layer.tell(head, f".message takes a number from 0 to {SMALL - 1}", MEANINGS[".message"])
                return
            layer.chain.messages[known] = text
        case _:
            layer.tell(head, ".message takes a number and a text", MEANINGS[".message"], Phase.PARSE)
