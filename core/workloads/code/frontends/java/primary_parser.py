"""Expressions without operators: literals, names, calls, what `new` makes, lambdas, and `switch` with a value."""

from core.workloads.code.frontends.java import phrases, syntax
from core.workloads.code.frontends.java.cursor import PRIMITIVES
from core.workloads.code.frontends.java.declarations import ClassDecl, Param
from core.workloads.code.frontends.java.syntax import Expr, TypeNode
from core.workloads.code.frontends.java.type_parser import TypeParser
from core.workloads.code.ir.instructions import Position

_LITERALS = frozenset({"int", "long", "double", "char", "string"})


class PrimaryParser(TypeParser):
    """The part of the parser that reads operands."""

    def expression(self) -> Expr:
        """Read an expression."""
        raise NotImplementedError

    def block(self) -> phrases.Block:
        """Read statements in braces."""
        raise NotImplementedError

    def class_body(self, declaration: ClassDecl) -> None:
        """Read the members of a class, in braces."""
        raise NotImplementedError

    def switch_cases(self) -> list[syntax.Case]:
        """Read the cases of a `switch`, in braces."""
        raise NotImplementedError

    def postfix(self) -> Expr:
        """Read an operand with what follows it: points, brackets, calls, steps."""
        found = self._primary()
        while True:
            if self.sees("."):
                found = self._selected(found)
            elif self.sees("["):
                self.take()
                index = self.expression()
                at = self.expect("]").at
                found = syntax.Index(found.at if isinstance(found, syntax.Name) else at, found, index)
            elif self.sees("++", "--"):
                token = self.take()
                found = syntax.Step(token.at, token.text, found, before=False)
            elif self.sees("::"):
                found = self._method_reference(found)
            else:
                return found

    def _selected(self, found: Expr) -> Expr:
        self.take()
        if self.sees("<"):
            self.type_args()
        if self.sees("this", "super") and isinstance(found, syntax.Name):
            token = self.take()
            make = syntax.This if token.text == "this" else syntax.Super
            return make(token.at, found.text)
        if self.sees("class", "new"):
            word = self.token.text
            raise self.refuse(self.token.at, f"'.{word}' is not supported here", "name what you need directly")
        name = self.name("a name behind the point")
        if self.sees("("):
            return syntax.Call(name.at, found, name.text, self.arguments())
        return syntax.Select(name.at, found, name.text)

    def _method_reference(self, found: Expr | TypeNode) -> Expr:
        at = self.take().at
        if self.accept("new"):
            return syntax.MethodRef(at, found, "new")
        return syntax.MethodRef(at, found, self.name("the name of a method").text)

    def _primary(self) -> Expr:
        token = self.token
        if token.kind in _LITERALS:
            self.take()
            return syntax.Literal(token.at, token.kind, token.value)
        if token.kind == "name":
            return self._named()
        if token.kind == "keyword":
            return self._word()
        if self.sees("("):
            self.take()
            inner = self.expression()
            self.expect(")", "", "each ( needs its )")
            return inner
        raise self.unexpected("an expression", "", self._advice())

    def _advice(self) -> str:
        if self.sees("{"):
            return "an array in braces stands behind = or behind new Type[]"
        if self.sees("=="):
            return "a comparison needs a value on both sides"
        return "a value is missing here"

    def _named(self) -> Expr:
        behind = self.scan_type()
        if behind > 1 and self.ahead(behind).text == "::" and self.ahead(behind - 1).text in ("]", ">"):
            return self._method_reference(self.type())
        name = self.take()
        if self.sees("("):
            return syntax.Call(name.at, None, name.text, self.arguments())
        return syntax.Name(name.at, name.text)

    def _word(self) -> Expr:  # noqa: PLR0911 - a case for each
        token = self.token
        word = token.text
        if word in ("true", "false", "null"):
            self.take()
            if word == "null":
                return syntax.Literal(token.at, "null", None)
            return syntax.Literal(token.at, "boolean", word == "true")
        if word in ("this", "super"):
            self.take()
            if self.sees("("):
                return syntax.Call(token.at, None, word, self.arguments())
            return syntax.This(token.at) if word == "this" else syntax.Super(token.at)
        if word == "new":
            return self._new()
        if word == "switch":
            return self._switch()
        if word in PRIMITIVES:
            behind = self.scan_type()
            if self.ahead(behind).text == "::":
                return self._method_reference(self.type())
        raise self.unexpected("an expression", "", f"'{word}' begins no value")

    def _switch(self) -> Expr:
        at = self.take().at
        self.expect("(", " behind switch")
        selector = self.expression()
        self.expect(")")
        return syntax.SwitchExpr(at, selector, self.switch_cases())

    def arguments(self) -> list[Expr]:
        """Read the arguments of a call, in parentheses."""
        self.expect("(")
        found: list[Expr] = []
        while not self.sees(")"):
            if found and not self.accept(","):
                self.expect(")", " behind the arguments", "arguments stand between commas, and ) behind the last")
            found.append(self.expression())
        self.take()
        return found

    def _new(self) -> Expr:
        at = self.take().at
        type_ = self.bare_type()
        if self.sees("["):
            return self._new_array(at, type_)
        if not self.sees("("):
            raise self.unexpected("'(' or '['", " behind the type", f"write new {type_.name}(...)")
        args = self.arguments()
        body = None
        if self.sees("{"):
            body = ClassDecl(at, "class", "", frozenset(), at)
            self.class_body(body)
        return syntax.New(at, type_, args, body)

    def _new_array(self, at: Position, type_: TypeNode) -> Expr:
        sizes: list[Expr] = []
        while self.sees("[") and self.ahead(1).text != "]":
            self.take()
            sizes.append(self.expression())
            self.expect("]")
        type_.dims = len(sizes) + self.brackets()
        items = self.array_items() if self.sees("{") else None
        if items is not None and sizes:
            self.refuse(items.at, "an array gets a size or its elements, not both", "leave the brackets empty")
        if items is None and not sizes:
            raise self.refuse(at, "this array has no size", "write the size between the brackets")
        return syntax.NewArray(at, type_, sizes, items)

    def array_items(self) -> syntax.ArrayItems:
        """Read the elements of an array, in braces."""
        at = self.expect("{").at
        found: list[Expr] = []
        with self.deeper():
            while not self.sees("}"):
                found.append(self.array_items() if self.sees("{") else self.expression())
                if not self.accept(","):
                    break
        self.expect("}", " behind the elements", "elements stand between commas, and } behind the last")
        return syntax.ArrayItems(at, found)

    def _sees_lambda(self) -> bool:
        if self.token.kind == "name":
            return self.ahead(1).text == "->"
        if not self.sees("("):
            return False
        place = 1
        while self.ahead(place).text != ")":
            token = self.ahead(place)
            if token.kind == "name" and self.ahead(place + 1).text in (",", ")"):
                place += 1
            elif token.text == "final":
                place += 1
                continue
            else:
                place = self.scan_type(place)
                if not place or self.ahead(place).kind != "name":
                    return False
                place += 1
            if self.ahead(place).text == ",":
                place += 1
        return self.ahead(place + 1).text == "->"

    def _lambda(self) -> Expr:
        params = []
        if self.token.kind == "name":
            name = self.take()
            params.append(Param(name.at, name.text, None))
        else:
            self.take()
            while not self.sees(")"):
                params.append(self._lambda_param())
                self.accept(",")
            self.take()
        at = self.take().at
        return syntax.Lambda(at, params, self.block() if self.sees("{") else self.expression())

    def _lambda_param(self) -> Param:
        self.accept("final")
        if self.ahead(1).text in (",", ")"):
            name = self.name("a parameter")
            return Param(name.at, name.text, None)
        type_ = self.type()
        name = self.name("a parameter")
        return Param(name.at, name.text, None if type_.name == "var" else type_)
