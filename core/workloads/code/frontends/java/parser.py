"""Tokens to the tree of a source: imports, classes and their members, and the cases of `switch`."""

from collections.abc import Sequence

from core.workloads.code.frontends.java.cursor import PRIMITIVES
from core.workloads.code.frontends.java.declarations import (
    ClassDecl,
    EnumConstant,
    FieldDecl,
    Import,
    InitBlock,
    MethodDecl,
    Param,
    TypeParam,
    Unit,
)
from core.workloads.code.frontends.java.diagnosing import Report, Unreadable
from core.workloads.code.frontends.java.lexer import Token
from core.workloads.code.frontends.java.switch_parser import SwitchParser
from core.workloads.code.frontends.java.syntax import TypeNode

_MODIFIERS = frozenset(
    [
        "public",
        "private",
        "protected",
        "static",
        "final",
        "abstract",
        "native",
        "synchronized",
        "transient",
        "volatile",
        "strictfp",
        "default",
    ]
)
_CLASS_WORDS = ("class", "interface", "enum")


def parse(tokens: Sequence[Token], report: Report) -> Unit:
    """Make the tree; what cannot be read has been reported."""
    return Parser(tokens, report).unit()


class Parser(SwitchParser):
    """Reads a whole source."""

    def unit(self) -> Unit:
        """Read imports and classes."""
        found = Unit([], [])
        try:
            if self.accept("package"):
                found.package = self._dotted()
                self.expect(";", " behind package")
            while self.sees("import"):
                found.imports.append(self._import())
        except Unreadable:
            self.skip_statement(self._place)
        while self.token.kind != "end":
            if self.accept(";"):
                continue
            try:
                modifiers = self._modifiers()
                if not self.sees_class():
                    raise self._no_class()
                found.classes.append(self._class(modifiers))
            except Unreadable:
                self.return_to(0)
                self._skip_to_class()
        return found

    def _no_class(self) -> Unreadable:
        if self.sees("}"):
            return self.refuse(self.token.at, "this } closes nothing", "look for a } too many above")
        if self.token.text in PRIMITIVES or self.scan_type():
            hint = "write public class Main { ... } around it"
            return self.refuse(self.token.at, "methods and variables stand inside a class", hint)
        return self.unexpected("a class, interface, enum or record")

    def _skip_to_class(self) -> None:
        self.take()
        while self.token.kind != "end" and not (self.token.column == 1 and (self.sees_class() or self.sees("public"))):
            self.take()

    def _dotted(self) -> str:
        name = self.name("a name").text
        while self.accept("."):
            if self.accept("*"):
                return name + ".*"
            name += "." + self.name("a name").text
        return name

    def _import(self) -> Import:
        self.take()
        static = self.accept("static")
        at = self.token.at
        found = Import(at, self._dotted(), static)
        self.expect(";", " behind import")
        return found

    def _modifiers(self) -> frozenset[str]:
        found = set()
        while True:
            if self.sees("@") and self.ahead(1).text != "interface":
                self.take()
                found.add("@" + self.name("an annotation").text)
                if self.sees("("):
                    self.arguments()
            elif self.token.kind == "keyword" and self.token.text in _MODIFIERS and not self.is_default_label():
                word = self.take()
                if word.text in found:
                    self.refuse(word.at, f"'{word.text}' stands here twice", "once is enough", word.end)
                found.add(word.text)
            elif self.token.text in ("sealed", "non") and self.ahead(1).kind in ("keyword", "op", "name"):
                if not self._sealed():
                    return frozenset(found)
            else:
                return frozenset(found)

    def _sealed(self) -> bool:
        if self.token.text == "sealed" and self.ahead(1).text in (*_CLASS_WORDS, "abstract", "public", "static"):
            self.take()
            return True
        if self.token.text == "non" and self.ahead(1).text == "-" and self.ahead(2).text == "sealed":
            for _ in range(3):
                self.take()
            return True
        return False

    def sees_class(self) -> bool:
        """Whether a class begins here, without its modifiers or with those that a local one may have."""
        if self.sees("abstract", "final", "static") and self.ahead(1).text in _CLASS_WORDS:
            return True
        if self.sees("@"):
            raise self.refuse(self.token.at, "annotations of one's own are not supported", "leave it away")
        is_record = self.sees_word("record") and self.ahead(1).kind == "name" and self.ahead(2).text in ("(", "<")
        return self.sees(*_CLASS_WORDS) or is_record

    def local_class(self) -> ClassDecl:
        """Read a class among statements."""
        return self._class(self._modifiers())

    def _class(self, modifiers: frozenset[str]) -> ClassDecl:
        kind = self.take().text
        name = self.name(f"a name for the {kind}")
        found = ClassDecl(name.at, kind, name.text, modifiers, name.at, self.type_params())
        found.functional = "@FunctionalInterface" in modifiers
        if kind == "record":
            found.components = self._params()
        if self.accept("extends"):
            found.extends = self._types()
        if self.accept("implements"):
            found.implements = self._types()
        if self.sees_word("permits"):
            self.take()
            self._types()
        if self.sees("("):
            raise self.unexpected("'{'", f" behind the name of the {kind}", "only a record has parameters here")
        self.class_body(found)
        return found

    def _types(self) -> list[TypeNode]:
        found = [self.type()]
        while self.accept(","):
            found.append(self.type())
        return found

    def class_body(self, declaration: ClassDecl) -> None:
        """Read the members of a class, in braces."""
        opened = self.expect("{", f" behind {declaration.name or 'new'}").at
        depth = self.at_depth()
        if declaration.kind == "enum":
            self._constants(declaration)
        while not self.sees("}") and self.token.kind != "end":
            place = self._place
            try:
                if not self.accept(";"):
                    self._member(declaration)
            except Unreadable:
                self.return_to(depth)
                self._skip_member(place)
        declaration.end = self.token.at
        self.expect("}", "", f"the {{ of line {opened.line} is never closed")

    def _skip_member(self, began: int) -> None:
        """Go on at what looks like the next member."""
        if self._place == began:
            self.take()
        depth = 0
        while self.token.kind != "end":
            if depth == 0 and self.token.text in ("public", "private", "protected", "static", "class", "}"):
                return
            if self.sees("{"):
                depth += 1
            if self.sees("}"):
                depth -= 1
            closed = self.take().text in ("}", ";")
            if closed and depth == 0:
                return

    def _constants(self, declaration: ClassDecl) -> None:
        while self.token.kind == "name":
            name = self.take()
            args = self.arguments() if self.sees("(") else []
            body = None
            if self.sees("{"):
                body = ClassDecl(name.at, "class", "", frozenset(), name.at)
                self.class_body(body)
            declaration.constants.append(EnumConstant(name.at, name.text, args, body))
            if not self.accept(","):
                break
        if not self.sees("}"):
            self.expect(";", " behind the constants", "constants stand between commas, and ; before what follows them")

    def _member(self, owner: ClassDecl) -> None:
        at = self.token.at
        if self.sees("static") and self.ahead(1).text == "{":
            self.take()
            owner.members.append(InitBlock(at, static=True, body=self.block()))
            return
        if self.sees("{"):
            owner.members.append(InitBlock(at, static=False, body=self.block()))
            return
        modifiers = self._modifiers()
        if self.sees_class():
            owner.members.append(self._class(modifiers))
            return
        type_params = self.type_params()
        if (
            self.token.kind == "name"
            and self.ahead(1).text in ("(", "{")
            and (self.ahead(1).text == "(" or owner.kind == "record")
        ):
            owner.members.append(self._constructor(owner, modifiers))
            return
        self._typed_member(owner, modifiers, type_params)

    def _constructor(self, owner: ClassDecl, modifiers: frozenset[str]) -> MethodDecl:
        name = self.take()
        if name.text != owner.name:
            hint = f"a method needs a type in front, as in void {name.text}(...); a constructor is called {owner.name}"
            raise self.refuse(name.at, f"the method {name.text} has no type", hint, name.end)
        if self.sees("{"):
            body = self.block()
            return MethodDecl(name.at, modifiers, [], None, "<init>", owner.components, [], body, compact=True)
        params = self._params()
        throws = self._types() if self.accept("throws") else []
        return MethodDecl(name.at, modifiers, [], None, "<init>", params, throws, self.block())

    def _typed_member(self, owner: ClassDecl, modifiers: frozenset[str], type_params: list[TypeParam]) -> None:
        if not self.scan_type():
            raise self.unexpected("a member of the class", "", "statements stand inside methods")
        type_ = self.type()
        if not self.token.kind == "name" and self.sees("=", ".", "("):
            raise self.unexpected("the name of a member", "", "statements stand inside methods")
        if not (self.token.kind == "name" and self.ahead(1).text == "("):
            owner.members.append(FieldDecl(self.token.at, modifiers, type_, self.declarators()))
            self.expect(";", " behind the declaration")
            return
        name = self.take()
        params = self._params()
        type_.dims += self.brackets()
        throws = self._types() if self.accept("throws") else []
        body = None
        if self.sees("{"):
            body = self.block()
        else:
            self.expect(";", " or a body behind the method", "write { ... } or, without a body, ;")
        made = MethodDecl(name.at, modifiers, type_params, type_, name.text, params, throws, body)
        made.overrides = "@Override" in modifiers
        owner.members.append(made)

    def _params(self) -> list[Param]:
        self.expect("(")
        found: list[Param] = []
        while not self.sees(")"):
            if found and not self.accept(","):
                self.expect(")", " behind the parameters", "parameters stand between commas, and ) behind the last")
            modifiers = self._modifiers()
            type_ = self.type()
            variable = self.accept("...")
            if variable:
                type_.dims += 1
            name = self.name("the name of a parameter")
            type_.dims += self.brackets()
            found.append(Param(name.at, name.text, type_, "final" in modifiers, variable))
        self.take()
        return found
