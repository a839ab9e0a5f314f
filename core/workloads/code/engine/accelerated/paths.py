"""This file is about the ways through a region as Python: a loop that goes to labels, a tree of ifs at each."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from core.workloads.code.engine.accelerated.phrases import JUMP_SIGNS, PHRASES
from core.workloads.code.engine.accelerated.regions import BRANCHES, LEFT_ALONE, Region
from core.workloads.code.engine.accelerated.sums import SHIFTS, checked, wrapped
from core.workloads.code.engine.accelerated.terms import Known, operand
from core.workloads.code.engine.cards import REGISTERS, Card, Mode
from core.workloads.code.engine.table import BY_NAME
from core.workloads.code.engine.words import LARGEST

MOST_DEPTH = 24
"""Ifs within ifs; what lies deeper is gone to by the loop."""
MOST_COPIED = 8
"""Cards of a place come to from several sides that are rather written twice than gone to."""
_FUSING = frozenset({"WRS", "WRU", "CKS", "CKU"})
_FUSED_SIGNS = {"ADD": "+", "SUB": "-", "MUL": "*"}


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a line came from: a card, and what the path had done before it since its label."""

    card: int
    steps: int
    extra: int
    """Engine seconds beyond one a card."""


@dataclass(slots=True)
class _Path:
    """How far a path has come since its label."""

    label: int
    depth: int
    steps: int = 0
    extra: int = 0
    known: Known = field(default_factory=Known)

    def branch(self) -> "_Path":
        return _Path(self.label, self.depth + 1, self.steps, self.extra, self.known.copy())


@dataclass(slots=True)
class Writer:
    """Writes one region; `lines` and `origins` belong together."""

    cards: Sequence[Card]
    region: Region
    lines: list[str] = field(default_factory=list)
    origins: list[Origin] = field(default_factory=list)
    others: set[int] = field(default_factory=set)
    """Cards that are left to the table's actions."""
    labels: set[int] = field(default_factory=set)
    headers: set[int] = field(default_factory=set)
    returns: set[int] = field(default_factory=set)
    _longest: int = 0
    _loops: bool = False

    def write(self) -> None:
        """Write the loop over labels."""
        self.headers = self._headers()
        self.returns = {number + 1 for number in self.region.cards if self.cards[number].op == "CALL"}
        wanted = (label for label in self.region.labels if label in self.headers or not self._small(label))
        self.labels = {label for label in wanted if self.cards[label].op not in LEFT_ALONE}
        bodies: dict[int, tuple[list[tuple[str, Origin]], int, bool]] = {}
        waiting = sorted(self.labels)
        while waiting:
            label = waiting.pop(0)
            bodies[label] = self._body(label)
            waiting.extend(sorted(self.labels - set(bodies) - set(waiting)))
        self.lines, self.origins = [], []
        start = Origin(self.region.entry, 0, 0)
        self._put(1, "while True:", start)
        self._tree(sorted(bodies), bodies, 2)

    def _tree(
        self, labels: list[int], bodies: dict[int, tuple[list[tuple[str, Origin]], int, bool]], depth: int
    ) -> None:
        """Write the choice among labels by halves."""
        start = Origin(labels[0], 0, 0)
        if len(labels) > 1:
            middle = len(labels) // 2
            self._put(depth, f"if pc < {labels[middle]}:", start)
            self._tree(labels[:middle], bodies, depth + 1)
            self._put(depth, "else:", start)
            self._tree(labels[middle:], bodies, depth + 1)
            return
        label = labels[0]
        lines, longest, loops = bodies[label]
        self._put(depth, f"if pc != {label}: break", start)
        if loops:
            self._put(depth, "while True:", start)
            depth += 1
        self._put(depth, f"if n < {longest}: raise leave", start)
        for text, origin in lines:
            self._put(depth, text, origin)

    def _put(self, depth: int, text: str, origin: Origin) -> None:
        self.lines.append(" " * depth + text)
        self.origins.append(origin)

    def _body(self, label: int) -> tuple[list[tuple[str, Origin]], int, bool]:
        self.lines, self.origins = [], []
        self._longest, self._loops = 0, label in self.headers
        self._follow(label, _Path(label, 0))
        return list(zip(self.lines, self.origins, strict=True)), self._longest, self._loops

    def _follow(self, number: int, path: _Path) -> None:
        """Write card after card until the path ends."""
        while True:
            if number not in self.region.cards or self.cards[number].op in LEFT_ALONE:
                self._go(number, path)
                return
            if path.steps and (number in self.labels or path.depth >= MOST_DEPTH):
                self.labels.add(number)
                self._go(number, path)
                return
            card = self.cards[number]
            if card.op in BRANCHES:
                self._branch(number, card, path)
            elif card.op in ("JMP", "CALL", "RET"):
                following = self._transfer(number, card, path)
                if following is None:
                    return
                number = following
                continue
            elif self._fuses(number):
                self._write_fused(number, path)
                number += 1
            else:
                self._write_card(number, card, path)
            number += 1

    def _go(self, target: int, path: _Path) -> None:
        """End a path: count what it did, and go on at a label or leave the function."""
        origin = Origin(target, path.steps, path.extra)
        self._longest = max(self._longest, path.steps)
        self._count(path, origin)
        if self._loops:
            if target == path.label:
                self._say(path, "continue", origin)
            else:
                self._say(path, f"pc = {target}; break", origin)
        else:
            self._say(path, f"pc = {target}; continue", origin)

    def _go_anywhere(self, path: _Path, number: int) -> None:
        """End a path at the card whose number is in `y`."""
        origin = Origin(number, path.steps, path.extra)
        self._longest = max(self._longest, path.steps)
        self._count(path, origin)
        self._say(path, "pc = y; break" if self._loops else "pc = y; continue", origin)

    def _count(self, path: _Path, origin: Origin) -> None:
        if path.steps:
            self._say(path, f"n -= {path.steps}" + (f"; e += {path.extra}" if path.extra else ""), origin)

    def _say(self, path: _Path, text: str, origin: Origin) -> None:
        self._put(path.depth, text, origin)

    def _write_card(self, number: int, card: Card, path: _Path) -> None:
        origin = Origin(number, path.steps, path.extra)
        phrase = PHRASES.get(card.op)
        if card.op in SHIFTS and card.mode is Mode.SMALL and 0 <= card.value <= 200:  # noqa: PLR2004 - past any word
            phrase = SHIFTS[card.op]
        if phrase is None:
            self._leave_to_action(number, card, path, origin)
        else:
            for text in phrase(card, path.known):
                self._say(path, text, origin)
        self._done(card, path)

    def _leave_to_action(self, number: int, card: Card, path: _Path, origin: Origin) -> None:
        self.others.add(number)
        self._say(path, "m.registers[:] = A, B, C, D; m.upper = u; m.frame = f; m.stack = s; m.floor = floor", origin)
        self._say(path, f"m.compare = state(p, q); act_{number}(m, card_{number})", origin)
        self._say(path, "A, B, C, D = m.registers; u = m.upper", origin)
        if card.op == "FCM":
            self._say(path, "p, q = pair(m.compare)", origin)
        path.known = Known()

    def _done(self, card: Card, path: _Path) -> None:
        path.steps += 1
        path.extra += BY_NAME[card.op].seconds - 1

    def _fuses(self, number: int) -> bool:
        """Tell whether a sum or product and the next card's narrowing of it can share one check."""
        if number + 1 not in self.region.cards or number + 1 in self.labels:
            return False
        card, narrowing = self.cards[number], self.cards[number + 1]
        return card.op in _FUSED_SIGNS and narrowing.op in _FUSING and narrowing.s == narrowing.r == card.r

    def _write_fused(self, number: int, path: _Path) -> None:
        card, narrowing = self.cards[number], self.cards[number + 1]
        origin = Origin(number, path.steps, path.extra)
        term = operand(card, path.known)
        for text in term.before:
            self._say(path, text, origin)
        self._say(path, f"x = {REGISTERS[card.s]} {_FUSED_SIGNS[card.op]} {term.text}", origin)
        write = (
            wrapped(narrowing, path.known, "x", checked=False)
            if narrowing.op in ("WRS", "WRU")
            else checked(narrowing, path.known, "x")
        )
        for text in write:
            self._say(path, text, origin)
        self._done(card, path)
        self._done(narrowing, path)

    def _branch(self, number: int, card: Card, path: _Path) -> None:
        origin = Origin(number, path.steps, path.extra)
        if card.op == "DJN":
            name = REGISTERS[card.r]
            self._say(path, f"x = {name} - 1", origin)
            if path.known.bound(name) >= LARGEST:
                self._say(path, f"if x < {-LARGEST}: raise leave", origin)
            self._say(path, f"{name} = x", origin)
            path.known.learn(name, path.known.bound(name) + 1)
            condition = "x"
        elif card.op == "JRU":
            condition = "m.run_up"
        else:
            condition = f"p {JUMP_SIGNS[card.op]} q"
        self._done(card, path)
        self._say(path, f"if {condition}:", origin)
        self._follow(card.value, path.branch())

    def _transfer(self, number: int, card: Card, path: _Path) -> int | None:
        """Write a jump, call or return; returns the card that follows on this path, None where the path ends."""
        origin = Origin(number, path.steps, path.extra)
        if card.op == "RET":
            self._say(path, "y = store[s]", origin)
            self._say(path, f"if not 0 <= y < {len(self.cards)}: raise leave", origin)
            self._say(path, "s += 1", origin)
        elif card.mode is not Mode.SMALL:
            term = operand(card, path.known)
            for text in term.before:
                self._say(path, text, origin)
            self._say(path, f"y = {term.text}", origin)
            self._say(path, f"if not 0 <= y < {len(self.cards)}: raise leave", origin)
        if card.op == "CALL":
            self._say(path, "if s <= floor: raise leave", origin)
            self._say(path, f"s -= 1; store[s] = {number + 1}", origin)
        self._done(card, path)
        if card.op != "RET" and card.mode is Mode.SMALL:
            return card.value
        self._go_anywhere(path, number)
        return None

    def _headers(self) -> set[int]:
        """Return the cards that a way within the region leads back to."""
        return {
            card.value
            for number, card in ((number, self.cards[number]) for number in self.region.cards)
            if (card.op in BRANCHES or (card.op == "JMP" and card.mode is Mode.SMALL)) and card.value <= number
        }

    def _small(self, label: int) -> bool:
        """Tell whether a place is so short until its path ends that it may be written wherever it is gone to."""
        if label == self.region.entry or label in self.returns:
            return False
        number = label
        for _ in range(MOST_COPIED):
            card = self.cards[number]
            if card.op == "RET" or (card.op == "JMP" and card.value in self.headers) or number in self.headers:
                return True
            if card.op in BRANCHES or card.op in ("CALL", "JMP") or number + 1 not in self.region.cards:
                return False
            number += 1
        return False
