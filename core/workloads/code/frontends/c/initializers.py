"""What variables begin as: initializers brought down to values at offsets."""

from dataclasses import dataclass, field
from typing import Protocol

from core.workloads.code.frontends.c import ctypes, nodes, tree
from core.workloads.code.frontends.c.converting import assigned
from core.workloads.code.frontends.c.ctypes import BAD, ArrayType, CType, RecordType
from core.workloads.code.frontends.c.diagnosing import Reporter
from core.workloads.code.ir.instructions import Position


@dataclass(frozen=True, slots=True)
class Element:
    """A value at an offset in bytes: an expression, or the bytes of a string."""

    offset: int
    type: CType
    value: nodes.Expression | bytes


class Checker(Protocol):
    """What is needed of the analysis here."""

    report: Reporter

    def error(self, at: Position, message: str, hint: str = "", width: int = 1) -> None:
        """Report something that makes no sense."""

    def value(self, node: nodes.Expression) -> nodes.Expression:
        """Analyze an expression whose value is wanted."""

    def integer_constant(self, node: nodes.Expression) -> int | None:
        """Analyze and evaluate what must be an integer constant."""


@dataclass(slots=True)
class _Stream:
    """The items between two braces, and which is next; `analyzed` is the next one's value once it was looked at."""

    items: list[tuple[list[str | nodes.Expression], nodes.Expression]]
    at: int = 0
    analyzed: nodes.Expression | None = None

    @property
    def empty(self) -> bool:
        return self.at >= len(self.items)

    @property
    def designated(self) -> bool:
        return not self.empty and bool(self.items[self.at][0])

    def advance(self) -> None:
        self.at += 1
        self.analyzed = None


@dataclass(slots=True)
class Initializer:
    """Flattens the initializer of one variable."""

    checker: Checker
    elements: list[Element] = field(default_factory=list)

    def whole(self, type_: CType, initial: nodes.Expression) -> CType:
        """Flatten; gives the variable's type, whose length an array may have only now."""
        if isinstance(initial, tree.Braces):
            return self._braces(type_, initial, 0)
        if isinstance(type_, ArrayType):
            text = _text(type_, initial)
            if text is None:
                hint = "write the values in braces: {1, 2, 3}"
                self.checker.error(initial.at, f"an array ({type_.name}) cannot begin as one value", hint)
                return type_
            return self._string(type_, text, 0)
        self._scalar(type_, initial, 0, None)
        return type_

    def _braces(self, type_: CType, braces: tree.Braces, offset: int) -> CType:
        stream = _Stream(braces.items)
        if isinstance(type_, ArrayType):
            text = _text(type_, stream.items[0][1]) if len(stream.items) == 1 else None
            if text is not None:
                return self._string(type_, text, offset)
            length = self._array(type_, stream, offset, top=True)
            type_ = type_ if type_.length is not None else ctypes.array_of(type_.element, max(length, 1))
        elif isinstance(type_, RecordType):
            self._record(type_, stream, offset, top=True)
        elif stream.empty:
            self.checker.error(braces.at, "empty braces give no value", "write the value")
        else:
            self._fill(type_, stream, offset)
        if not stream.empty:
            at = stream.items[stream.at][1].at
            self.checker.error(at, f"there are more values than {type_.name} holds", "leave the rest out")
        return type_

    def _array(self, type_: ArrayType, stream: _Stream, offset: int, *, top: bool) -> int:
        index = longest = 0
        while not stream.empty:
            if stream.designated:
                if not top:
                    break
                index = self._designated_index(type_, stream, index)
            if type_.length is not None and index >= type_.length:
                break
            self._fill(type_.element, stream, offset + index * type_.element.size)
            index += 1
            longest = max(longest, index)
        return longest

    def _designated_index(self, type_: ArrayType, stream: _Stream, index: int) -> int:
        designators, _ = stream.items[stream.at]
        first = designators.pop(0)
        found = self.checker.integer_constant(first) if isinstance(first, nodes.Expression) else None
        if found is None or found < 0 or (type_.length is not None and found >= type_.length):
            at = stream.items[stream.at][1].at
            self.checker.error(at, f"there is no such element in {type_.name}", "an index in brackets, from 0 on")
            return index
        return found

    def _record(self, type_: RecordType, stream: _Stream, offset: int, *, top: bool) -> None:
        members = type_.fields or []
        place = 0
        while not stream.empty:
            if stream.designated:
                if not top:
                    return
                place = self._designated_member(type_, stream, place)
            if place >= len(members):
                return
            member = members[place]
            self._fill(member.type, stream, offset + member.offset)
            place = len(members) if type_.kind == "union" else place + 1

    def _designated_member(self, type_: RecordType, stream: _Stream, place: int) -> int:
        designators, value = stream.items[stream.at]
        name = designators.pop(0)
        names = [one.name for one in type_.fields or []]
        if name not in names:
            self.checker.error(value.at, f"{type_.name} has no member '{name}'", "it has " + ", ".join(names))
            return place
        return names.index(str(name))

    def _fill(self, type_: CType, stream: _Stream, offset: int) -> None:
        designators, initial = stream.items[stream.at]
        if designators:
            self.checker.error(initial.at, "designators one inside another are not supported", "write inner braces")
            designators.clear()
        if isinstance(initial, tree.Braces):
            stream.advance()
            self._braces(type_, initial, offset)
            return
        if isinstance(type_, ArrayType):
            text = _text(type_, initial)
            if text is not None:
                stream.advance()
                self._string(type_, text, offset)
            else:
                self._array(type_, stream, offset, top=False)
            return
        if isinstance(type_, RecordType):
            if stream.analyzed is None:
                stream.analyzed = self.checker.value(initial)
            if not ctypes.same(stream.analyzed.type, type_):
                self._record(type_, stream, offset, top=False)
                return
        analyzed = stream.analyzed
        stream.advance()
        self._scalar(type_, initial, offset, analyzed)

    def _scalar(self, type_: CType, initial: nodes.Expression, offset: int, analyzed: nodes.Expression | None) -> None:
        value = analyzed if analyzed is not None else self.checker.value(initial)
        if BAD not in (type_, value.type):
            value = assigned(value, type_, self.checker.report, what="initializing with")
        self.elements.append(Element(offset, type_, value))

    def _string(self, type_: ArrayType, text: tree.Text, offset: int) -> CType:
        if type_.length is None:
            type_ = ctypes.array_of(type_.element, len(text.data) + 1)
        assert type_.length is not None
        if len(text.data) > type_.length:
            hint = f"it needs {len(text.data) + 1} characters, with the zero at its end"
            self.checker.error(text.at, f"this string does not fit in {type_.name}", hint)
        self.elements.append(Element(offset, type_, text.data[: type_.length].ljust(type_.length, b"\0")))
        return type_


def _text(type_: ArrayType, initial: nodes.Expression) -> tree.Text | None:
    fits = ctypes.is_integer(type_.element) and type_.element.size == 1
    return initial if fits and isinstance(initial, tree.Text) else None
