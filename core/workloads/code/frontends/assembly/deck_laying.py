"""This file is about laying a deck: each card becomes some of the Engine's own, and turns find where they lead."""

from dataclasses import dataclass, field

from core.workloads.code.engine.cards import Operand, column, number
from core.workloads.code.engine.linking import Chain, Symbol
from core.workloads.code.engine.words import LARGEST
from core.workloads.code.frontends.assembly.deck_cards import DeckCard
from core.workloads.code.frontends.base import Diagnostic, Phase

_VARIABLES = {
    ("ingress", False): "MIN",
    ("ingress zeroing", False): "MIZ",
    ("ingress", True): "MIU",
    ("ingress zeroing", True): "MZU",
    ("egress", False): "MEG",
    ("egress", True): "MEU",
}
_LINE_FEED = 10


@dataclass(slots=True)
class _Block:
    """A cycle or an alternative that is still open: the card that opened it, and the turn to be resolved."""

    card: DeckCard
    place: int


@dataclass(slots=True)
class Dealer:
    """Lays card after card. The card in line i is reached by the label `@i`."""

    cards: list[DeckCard]
    chain: Chain = field(default_factory=Chain)
    problems: list[Diagnostic] = field(default_factory=list)
    places: int = 0
    """Decimal places that the attendant expands numbers to."""
    texts: dict[str, int] = field(default_factory=dict)
    open: list[_Block] = field(default_factory=list)

    def deal(self) -> None:
        """Lay the whole deck, and a halt behind its last card."""
        for place, card in enumerate(self.cards):
            self.chain.label(_name(place))
            self._lay(card, place)
        self.chain.label(_name(len(self.cards)))
        for block in self.open:
            self._tell(block.card, f"{block.card.text} is never closed")
        self._add(self.cards[-1], "HLT", number(0))

    def _lay(self, card: DeckCard, place: int) -> None:
        match card.kind:
            case "number":
                self._lay_number(card)
            case "operation":
                self._add(card, "MOP", number(card.number))
            case "ingress" | "ingress zeroing" | "egress":
                self._add(card, _VARIABLES[card.kind, card.primed], column(card.number))
            case "step up" | "step down":
                places = self.places if card.number < 0 else card.number
                self._add(card, "MSU" if card.kind == "step up" else "MSD", number(places))
            case "turn" | "turn if run up":
                self._turn(card, place)
            case "block":
                self._block(card, place)
            case _:
                self._act(card)

    def _lay_number(self, card: DeckCard) -> None:
        scaled = card.value.scaleb(self.places) if self.places else card.value
        value = int(scaled)
        if abs(value) > LARGEST:
            self._tell(card, "the number has more than 50 digits")
            return
        if scaled != value and not self.places:
            self._tell(card, "the number has decimal places", "say first `A set decimal places to n`")
            return
        self.chain.add("LD", x=number(value), line=card.line, column=1)
        self._add(card, "ST", column(card.number))

    def _turn(self, card: DeckCard, place: int) -> None:
        target = place + 1 + card.number
        if not 0 <= target <= len(self.cards):
            self._tell(card, f"the chain has no card {abs(card.number)} {'further' if card.number > 0 else 'back'}")
            return
        self._jump(card, target, conditional=card.kind != "turn")

    def _jump(self, card: DeckCard, target: int, *, conditional: bool) -> None:
        self._add(card, "JRU" if conditional else "JMP", Symbol(_name(target)))

    def _block(self, card: DeckCard, place: int) -> None:
        """Open and close `(`…`)` and `(?`…`)` cycles, `{`…`}` and `{?`…`}{`…`}` alternatives."""
        match card.text:
            case "(" | "(?":
                self.open.append(_Block(card, place))
            case ")":
                block = self._close(card, "(")
                if block is not None:
                    self._jump(card, block.place + 1, conditional=block.card.text == "(?")
            case "{" | "{?":
                self.open.append(_Block(card, place))
                if card.text == "{?":
                    self.chain.add("JRU", x=Symbol(f"@in{place}"), line=card.line, column=1)
                self._add(card, "JMP", Symbol(f"@out{place}"))
                self.chain.label(f"@in{place}")
            case "}{":
                block = self._close(card, "{")
                if block is not None:
                    self._add(card, "JMP", Symbol(f"@out{place}"))
                    self.chain.label(f"@out{block.place}")
                    self.open.append(_Block(DeckCard("block", card.line, text="{"), place))
            case "}":
                block = self._close(card, "{")
                if block is not None:
                    self.chain.label(f"@out{block.place}")
            case _:
                self._tell(card, f"{card.text} opens or closes nothing", "there are ( (? ) { {? }{ and }")

    def _close(self, card: DeckCard, opening: str) -> _Block | None:
        if not self.open or not self.open[-1].card.text.startswith(opening):
            self._tell(card, f"{card.text} closes nothing")
            return None
        return self.open.pop()

    def _act(self, card: DeckCard) -> None:
        match card.kind:
            case "bell":
                self._add(card, "BEL")
            case "print":
                self._add(card, "MPR")
            case "halt":
                if card.text:
                    self._add(card, "SEL", number(1))
                    self._add(card, "MAN", number(self._text(card.text + "\n")))
                self._add(card, "HLT", number(0))
            case _:
                self._request(card)

    def _request(self, card: DeckCard) -> None:
        """Do what the attendant is asked for."""
        match card.kind:
            case "annotation":
                self._add(card, "MAN", number(self._text(card.text)))
            case "picture":
                self._add(card, "MPI", number(self._text(card.text)))
            case "point":
                self._add(card, "MPI", number(self._text("9." + "9" * self.places)))
            case "arrangement":
                self._add(card, "MRW", number(int(card.text.lower() == "rows")))
            case "new line":
                self._add(card, "PRC", number(_LINE_FEED))
            case "places":
                self.places = max(0, self.places * (card.text == "relative") + card.number)

    def _text(self, text: str) -> int:
        code = self.texts.setdefault(text, len(self.texts) + 1)
        self.chain.messages[code] = text
        return code

    def _add(self, card: DeckCard, op: str, x: Operand | Symbol | None = None) -> None:
        self.chain.add(op, x=x, line=card.line, column=1)

    def _tell(self, card: DeckCard, message: str, hint: str = "") -> None:
        self.problems.append(Diagnostic(Phase.SEMANTIC, message, card.line, 1, hint=hint))


def _name(place: int) -> str:
    return f"@{place}"
