"""Declarations of types, classes and instances."""

from core.workloads.code.frontends.base import Phase
from core.workloads.code.frontends.haskell import type_parser
from core.workloads.code.frontends.haskell.problems import At, Refusal
from core.workloads.code.frontends.haskell.reading import Reader
from core.workloads.code.frontends.haskell.syntax import (
    Bindings,
    Class,
    ConstructorDeclaration,
    Data,
    Instance,
    Program,
    Synonym,
    TypeApply,
    TypeName,
    TypeTerm,
)


class TypeDeclarations:
    """Reads declarations of types, classes and instances; bindings are read by who reads those."""

    reader: Reader
    found: Program

    def bindings(self) -> Bindings:
        """Read the bindings of a block."""
        raise NotImplementedError

    def _names(self) -> tuple[str, ...]:
        found = []
        while self.reader.kind == "name":
            found.append(self.reader.advance().text)
        return tuple(found)

    def data(self) -> None:
        """Read a data type."""
        reader = self.reader
        newtype = reader.advance().kind == "newtype"
        at = reader.at
        name = reader.expect("Name", "of the type").text
        params = self._names()
        constructors = []
        if reader.kind == "where":
            raise reader.refusal("generalized data types are not spoken here", "write data T = A | B ...")
        if reader.take("="):
            constructors.append(self._constructor())
            while reader.take("|"):
                constructors.append(self._constructor())
        deriving: list[tuple[At, str]] = []
        while reader.take("deriving"):
            many = reader.take("(")
            while reader.kind == "Name":
                token = reader.advance()
                deriving.append((token.at, token.text))
                if not (many and reader.take(",")):
                    break
            if many:
                reader.expect(")", "behind the classes")
        self.found.datas.append(Data(at, name, params, tuple(constructors), tuple(deriving), newtype))

    def _constructor(self) -> ConstructorDeclaration:
        reader = self.reader
        at = reader.at
        if reader.kind == "(" or (
            reader.kind == "Name" and reader.ahead(1) == "operator" and self.reader.text_ahead(1) != "!"
        ):
            raise reader.refusal("constructors that are operators are not spoken here", "give it a name")
        name = reader.expect("Name", "of a constructor").text
        types: list[TypeTerm] = []
        strict: list[bool] = []
        labels: list[str] = []
        if reader.take("{"):
            while reader.kind != "}":
                names = [reader.expect("name", "of a field").text]
                while reader.take(","):
                    names.append(reader.expect("name", "of a field").text)
                reader.expect("::", "and the type of the field")
                is_strict = reader.take_operator("!")
                type_ = type_parser.type_term(reader)
                labels += names
                types += [type_] * len(names)
                strict += [is_strict] * len(names)
                if not reader.take(","):
                    break
            reader.expect("}", "behind the fields")
        else:
            while reader.kind in ("name", "Name", "(", "[") or (reader.kind == "operator" and reader.token.text == "!"):
                strict.append(reader.take_operator("!"))
                types.append(type_parser.atom(reader))
        return ConstructorDeclaration(at, name, tuple(types), tuple(strict), tuple(labels))

    def synonym(self) -> None:
        """Read a type synonym."""
        reader = self.reader
        at = reader.advance().at
        name = reader.expect("Name", "of the type").text
        params = self._names()
        reader.expect("=", "behind the name")
        self.found.synonyms.append(Synonym(at, name, params, type_parser.type_term(reader)))

    def class_(self) -> None:
        """Read a class."""
        reader = self.reader
        reader.advance()
        at = reader.at
        head = type_parser.applied(reader)
        supers: tuple[tuple[At, str], ...] = ()
        if reader.take("=>"):
            supers = tuple((place, name) for place, name, _ in type_parser.context(reader, head))
            at = reader.at
            head = type_parser.applied(reader)
        match head:
            case TypeApply(TypeName(_, name), TypeName(_, variable)):
                body = self.bindings() if reader.take("where") else Bindings()
                self.found.classes.append(Class(at, name, supers, variable, body))
            case _:
                raise Refusal(Phase.PARSE, at, "a class has one variable: class Shape a where", "")

    def instance(self) -> None:
        """Read an instance."""
        reader = self.reader
        reader.advance()
        at = reader.at
        head = type_parser.applied(reader)
        context: type_parser.Context = ()
        if reader.take("=>"):
            context = type_parser.context(reader, head)
            at = reader.at
            head = type_parser.applied(reader)
        match head:
            case TypeApply(TypeName(_, name), type_):
                body = self.bindings() if reader.take("where") else Bindings()
                self.found.instances.append(Instance(at, context, name, type_, body))
            case _:
                raise Refusal(Phase.PARSE, at, "an instance has a class and a type: instance Show T where", "")
