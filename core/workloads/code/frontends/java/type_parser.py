"""Types as a source writes them."""

from core.workloads.code.frontends.java.cursor import PRIMITIVES, Cursor
from core.workloads.code.frontends.java.declarations import TypeParam
from core.workloads.code.frontends.java.syntax import TypeNode


class TypeParser(Cursor):
    """The part of the parser that reads types."""

    def type(self) -> TypeNode:
        """Read a type, with the brackets behind it."""
        found = self.bare_type()
        found.dims = self.brackets()
        return found

    def bare_type(self) -> TypeNode:
        """Read a type without brackets behind it."""
        at = self.token.at
        if self.token.text in PRIMITIVES and self.token.kind == "keyword":
            return TypeNode(at, self.take().text)
        name = self.name("a type").text
        args = self.type_args() if self.sees("<") else None
        while self.sees(".") and self.ahead(1).kind == "name":
            self.take()
            name += "." + self.take().text
            args = self.type_args() if self.sees("<") else args
        return TypeNode(at, name, args)

    def brackets(self) -> int:
        """Count pairs of empty brackets."""
        dims = 0
        while self.sees("[") and self.ahead(1).text == "]":
            self.take()
            self.take()
            dims += 1
        return dims

    def type_args(self) -> list[TypeNode]:
        """Read type arguments in angle brackets; none of them is a diamond."""
        self.expect("<")
        found: list[TypeNode] = []
        while not self.sees(">"):
            if found:
                self.expect(",", " between type arguments")
            found.append(self._type_arg())
        self.take()
        return found

    def _type_arg(self) -> TypeNode:
        if not self.sees("?"):
            with self.deeper():
                return self.type()
        at = self.take().at
        for sign in ("extends", "super"):
            if self.accept(sign):
                return TypeNode(at, "?", [self.type()], 0, sign)
        return TypeNode(at, "?", [], 0, "?")

    def type_params(self) -> list[TypeParam]:
        """Read type variables in angle brackets, if there are any."""
        found: list[TypeParam] = []
        if not self.accept("<"):
            return found
        while not self.sees(">"):
            if found:
                self.expect(",", " between type variables")
            name = self.name("the name of a type variable")
            bounds = []
            if self.accept("extends"):
                bounds.append(self.type())
                while self.accept("&"):
                    bounds.append(self.type())
            found.append(TypeParam(name.at, name.text, bounds))
        self.take()
        return found
