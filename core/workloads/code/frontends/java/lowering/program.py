"""What all methods of a program share while it becomes IR: classes, texts, and what is still to be written."""

from dataclasses import dataclass, field

from core.workloads.code.frontends.java.attribution.bodies import look_at, look_at_starts
from core.workloads.code.frontends.java.inheritance import implementation
from core.workloads.code.frontends.java.library import LIBRARY
from core.workloads.code.frontends.java.relations import supertypes
from core.workloads.code.frontends.java.representation import BUILT_IN, FIRST_CLASS
from core.workloads.code.frontends.java.types import ClassInfo, ClassType, Field, Method
from core.workloads.code.frontends.java.world import World
from core.workloads.code.frontends.words import values
from core.workloads.code.ir.instructions import Position
from core.workloads.code.ir.module import Module


@dataclass(slots=True, eq=False)
class Program:
    """A module in the making."""

    module: Module
    world: World
    main: ClassInfo
    waiting: list[Method] = field(default_factory=list)
    names: dict[Method, str] = field(default_factory=dict)
    made: list[ClassInfo] = field(default_factory=list)
    """Classes that have objects, in the order of their numbers."""
    called: dict[Method, str] = field(default_factory=dict)
    """Methods that are called by the class of an object, with the names of what chooses among them."""
    tested: dict[ClassInfo, str] = field(default_factory=dict)
    """Classes that objects are asked whether they are of, with the names of what answers."""
    starting: list[ClassInfo] = field(default_factory=list)
    """Classes with something to do before they are used."""
    roots: int = field(default_factory=lambda: len(LIBRARY.sources.roots))
    statics: dict[Field, int] = field(default_factory=dict)
    """Roots where static fields with objects lie."""
    numbers: dict[Field, str] = field(default_factory=dict)
    """Globals where static fields with numbers lie."""
    texts: dict[str, str] = field(default_factory=dict)
    sites: list[tuple[str, int]] = field(default_factory=list)
    """Places where exceptions are made: method and line."""
    _above: dict[ClassInfo, frozenset[ClassInfo]] = field(default_factory=dict)
    _reached: dict[tuple[ClassInfo, Method], Method] = field(default_factory=dict)
    _layouts: dict[ClassInfo, dict[Field, int]] = field(default_factory=dict)

    # Methods.

    def code_name(self, method: Method) -> str:
        """Name the code of a method; it is written in time."""
        if method not in self.names:
            self.names[method] = f"{len(self.names)}.{method.owner.name}.{method.name}"
            self.waiting.append(method)
        return self.names[method]

    def body(self, method: Method) -> Method:
        """See that the body of a method is there."""
        if method.owner.library and method.body is None:
            look_at(method)
        return method

    def chooser(self, method: Method) -> str:
        """Name what chooses among the methods that override one."""
        if method not in self.called:
            self.called[method] = f"choose.{len(self.called)}.{method.owner.name}.{method.name}"
        return self.called[method]

    def implementations(self, method: Method) -> dict[ClassInfo, Method]:
        """Say for each class with objects which method a call reaches."""
        found = {}
        for one in self.made:
            if self.inherits(one, method.owner):
                if (one, method) not in self._reached:
                    self._reached[one, method] = implementation(one, method)
                if not self._reached[one, method].abstract:
                    found[one] = self._reached[one, method]
        return found

    # Classes.

    def inherits(self, one: ClassInfo, above: ClassInfo) -> bool:
        """Whether a class is another or below it."""
        if one not in self._above:
            self._above[one] = frozenset(found.of for found in supertypes(ClassType(one)))
        return above in self._above[one]

    def number(self, one: ClassInfo) -> int:
        """Give the number of a class that has objects."""
        if one.library and one.name in BUILT_IN:
            self.has_objects(one)
            return 1 + BUILT_IN.index(one.name)
        self.has_objects(one)
        return FIRST_CLASS + self._stored().index(one)

    def _stored(self) -> list[ClassInfo]:
        return [one for one in self.made if not (one.library and one.name in BUILT_IN)]

    def has_objects(self, one: ClassInfo) -> None:
        """Note that there are objects of a class."""
        if one not in self.made:
            self.made.append(one)

    def tester(self, one: ClassInfo) -> str:
        """Name what answers whether an object is of a class."""
        if one not in self.tested:
            self.tested[one] = f"is.{len(self.tested)}.{one.name}"
        return self.tested[one]

    def layout(self, one: ClassInfo) -> dict[Field, int]:
        """Say in which word of an object each field lies, those of the class above first."""
        if one not in self._layouts:
            above = self.layout(one.superclass.of) if one.superclass is not None else {}
            own = [item for item in one.fields.values() if not item.static]
            own += [one.outer_this] if one.outer_this is not None else []
            own += one.captured.values()
            self._layouts[one] = {**above, **{item: 1 + len(above) + place for place, item in enumerate(own)}}
        return self._layouts[one]

    def starts(self, one: ClassInfo) -> bool:
        """Whether a class has something to do before it is used."""
        if one.library and not one.looked_at:
            look_at_starts(one)
        if one.static_starts and one not in self.starting:
            self.starting.append(one)
        return bool(one.static_starts)

    def is_throwable(self, one: ClassInfo) -> bool:
        """Whether objects of a class can be thrown."""
        return self.inherits(one, self.world.named("Throwable").of)

    # Words of the store.

    def root_of(self, one: Field) -> int:
        """Give the root where a static field with an object lies."""
        if one not in self.statics:
            self.statics[one] = self.roots
            self.roots += 1
        return self.statics[one]

    def global_of(self, one: Field) -> str:
        """Give the global where a static field with a number lies."""
        if one not in self.numbers:
            self.numbers[one] = f"static.{len(self.numbers)}.{one.name}"
            self.module.place(self.numbers[one], 1)
        return self.numbers[one]

    def text(self, text: str) -> int | str:
        """Give the word of a string, or the global where it lies."""
        if values.fits_inline(text):
            return values.inline_string(text)
        if text not in self.texts:
            words = values.packed_string(text)
            name = f"text.{len(self.texts)}"
            self.module.place(name, len(words), dict(enumerate(words)))
            self.texts[text] = name
        return self.texts[text]

    def site(self, method: Method | None, at: Position) -> int:
        """Give the number of a place in the source."""
        owner = method.owner if method is not None else self.main
        name = f"{owner.full_name}.{method.name if method is not None else '<clinit>'}"
        place = (name, 0 if owner.library else at.line)
        if place not in self.sites:
            self.sites.append(place)
        return self.sites.index(place) + 1
