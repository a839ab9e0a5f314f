"""Parsing declarations: specifiers, declarators, initializers."""

from core.workloads.code.frontends.c import nodes, tree, written
from core.workloads.code.frontends.c.expressions import ExpressionParser
from core.workloads.code.frontends.c.parsing import Unparsable
from core.workloads.code.frontends.c.tokens import END, NAME, Token
from core.workloads.code.ir.instructions import Position

_STORAGE = frozenset({"typedef", "static", "extern", "register", "auto"})
_WORDS = frozenset({"void", "char", "short", "int", "long", "float", "double", "signed", "unsigned", "_Bool"})
_TYPES = _WORDS | {"struct", "union", "enum"}
_QUALIFIERS = frozenset({"const", "volatile", "restrict", "inline"})


class DeclarationParser(ExpressionParser):
    """Reads types, and declarations of variables, types and functions."""

    def starts_declaration(self) -> bool:
        """Whether a declaration begins here."""
        return self.text in _STORAGE or self.starts_type(self.token)

    def specifiers(self) -> written.Specifiers:
        """Read what stands before declarators."""
        found = written.Specifiers(self.token.at)
        words: list[str] = []
        while True:
            token, text = self.token, self.text
            if text in _TYPES and self._is_defined(found):
                raise self.missing("';'", "after the definition of the type", "write ; behind its braces")
            if text in _STORAGE:
                if found.storage:
                    raise self.fail(token, f"'{text}' cannot stand beside '{found.storage}'", "leave one of them out")
                found.storage = text
            elif text in _QUALIFIERS:
                found.is_const = found.is_const or text == "const"
            elif text in _WORDS:
                words.append(text)
            elif text in ("struct", "union"):
                found.record = self._record()
                continue
            elif text == "enum":
                found.enum = self._enum()
                continue
            elif token.kind == NAME and self._is_typedef(token, found, words):
                found.typedef = token.text
            else:
                break
            self.advance()
        found.words = tuple(words)
        return found

    @staticmethod
    def _is_defined(found: written.Specifiers) -> bool:
        record, enum = found.record, found.enum
        return bool((record and record.members is not None) or (enum and enum.constants is not None))

    def _is_typedef(self, token: Token, found: written.Specifiers, words: list[str]) -> bool:
        has_type = words or found.record or found.enum or found.typedef
        return not has_type and self.is_type_name(token.text)

    def _record(self) -> written.RecordSyntax:
        kind = self.advance()
        tag = self.advance().text if self.token.kind == NAME else ""
        record = written.RecordSyntax(kind.at, kind.text, tag, None)
        if not self.take("{"):
            if not tag:
                raise self.missing("a tag or '{'", f"after {kind.text}", f"name the {kind.text}, or list its members")
            return record
        self.enter()
        record.members = []
        while self.text != "}":
            if self.token.kind == END:
                raise self.missing("'}'", f"after the members of the {kind.text}", "close the braces")
            record.members.append(self._members())
        self.advance()
        self.depth -= 1
        return record

    def _members(self) -> written.Declaration:
        if not self.starts_type(self.token):
            raise self.fail(self.token, f"expected the type of a member before {self.token.shown()}", self._spelling())
        declaration = written.Declaration(self.token.at, self.specifiers(), [])
        while self.text != ";":
            if declaration.declared:
                self.expect(",", "between members, or ';' after them")
            declaration.declared.append(written.Initialized(self.declarator(), None))
            if self.text == ":":
                raise self.fail(self.token, "bit-fields are not supported", "use a whole int")
            if self.text not in (";", ","):
                raise self.missing("';'", "after the member", "write ; here")
        self.advance()
        return declaration

    def _enum(self) -> written.EnumSyntax:
        at = self.advance().at
        tag = self.advance().text if self.token.kind == NAME else ""
        if not self.take("{"):
            if not tag:
                raise self.missing("a tag or '{'", "after enum", "name the enum, or list its constants")
            return written.EnumSyntax(at, tag, None)
        constants: list[tuple[str, Position, nodes.Expression | None]] = []
        while self.text != "}":
            name = self.expect_name("the name of a constant")
            self.declares(name.text)
            constants.append((name.text, name.at, self.conditional() if self.take("=") else None))
            if self.text != "}":
                self.expect(",", "between constants, or '}' after them")
        self.advance()
        return written.EnumSyntax(at, tag, constants)

    def type_name(self) -> written.TypeName:
        """Read a type as it stands in a cast."""
        at = self.token.at
        return written.TypeName(at, self.specifiers(), self.declarator(named=False))

    # Declarators.

    def declarator(self, *, named: bool = True) -> written.Declarator:
        """Read a declarator; without `named` the name may be missing."""
        self.enter()
        pointers = self._pointers()
        inner: written.Declarator | None = None
        token = self.token
        name = ""
        if self.text == "(" and self._is_nested(named=named):
            self.advance()
            inner = self.declarator(named=named)
            self.expect(")", "after the declarator")
        elif token.kind == NAME:
            name = self.advance().text
        elif named:
            raise self._no_name(token)
        modifiers = self._suffixes()
        modifiers += pointers
        self.depth -= 1
        if inner is None:
            return written.Declarator(token.at, name, modifiers)
        return written.Declarator(inner.at, inner.name, inner.modifiers + modifiers)

    def _no_name(self, token: Token) -> Unparsable:
        if token.kind == "keyword":
            return self.fail(
                token, f"'{token.text}' is a word of the language and cannot be a name", "choose another name"
            )
        return self.missing("a name", f"before {token.shown()}", "name what is declared")

    def _pointers(self) -> list[written.Modifier]:
        pointers: list[written.Modifier] = []
        while self.text == "*":
            pointer = written.PointerTo(self.advance().at)
            while self.text in _QUALIFIERS:
                pointer.is_const = self.advance().text == "const" or pointer.is_const
            pointers.insert(0, pointer)
            if len(pointers) > 32:  # noqa: PLR2004 - nobody needs more stars
                raise self.fail(self.token, "too many * in one declarator")
        return pointers

    def _is_nested(self, *, named: bool) -> bool:
        following = self.ahead()
        return following.text in ("*", "(", "[") or (
            following.kind == NAME and not (not named and self.starts_type(following))
        )

    def _suffixes(self) -> list[written.Modifier]:
        found: list[written.Modifier] = []
        while True:
            at = self.token.at
            if self.take("["):
                size = None if self.text == "]" else self.assignment()
                self.expect("]", "after the size of an array")
                found.append(written.ArrayOf(at, size))
            elif self.take("("):
                found.append(self._parameters(at))
            else:
                return found

    def _parameters(self, at: Position) -> written.FunctionOf:
        if self.take(")"):
            return written.FunctionOf(at, None)
        params: list[written.Parameter] = []
        variadic = False
        self.typedefs.append({})
        while not variadic:
            if params:
                self.expect(",", "between parameters, or ')' after them")
            if self.take("..."):
                variadic = True
                break
            params.append(self._parameter())
            if self.text == ")":
                break
        self.expect(")", "after the parameters")
        self.typedefs.pop()
        first = params[0] if len(params) == 1 else None
        is_void = (
            first
            and first.specifiers.words == ("void",)
            and not first.declarator.modifiers
            and not first.declarator.name
        )
        return written.FunctionOf(at, [] if is_void else params, variadic)

    def _parameter(self) -> written.Parameter:
        token = self.token
        if not self.starts_declaration():
            raise self.fail(token, f"expected the type of a parameter before {token.shown()}", self._spelling())
        specifiers = self.specifiers()
        declarator = self.declarator(named=False)
        if declarator.name:
            self.declares(declarator.name)
        return written.Parameter(token.at, specifiers, declarator)

    def _spelling(self) -> str:
        return f"there is no type '{self.token.text}'" if self.token.kind == NAME else "each needs a type, such as int"

    # Declarations.

    def declaration(self) -> written.Declaration:
        """Read a declaration up to its semicolon."""
        found = written.Declaration(self.token.at, self.specifiers(), [])
        if self.take(";"):
            return found
        self.declare_rest(found, self.declarator())
        return found

    def declare_rest(self, found: written.Declaration, first: written.Declarator) -> None:
        """Read what follows a declaration's first declarator."""
        declarator = first
        while True:
            self.declares(declarator.name, is_type=found.specifiers.storage == "typedef")
            initial = self.initializer() if self.take("=") else None
            found.declared.append(written.Initialized(declarator, initial))
            if not self.take(","):
                break
            declarator = self.declarator()
        if self.text == "{" and declarator.modifiers and isinstance(declarator.modifiers[0], written.FunctionOf):
            hint = "move it out, or look for a } that is missing above"
            raise self.fail(self.token, "a function cannot be written inside of another", hint)
        self.expect(";", "after the declaration")

    def initializer(self) -> nodes.Expression:
        """Read an initializer."""
        if self.text != "{":
            return self.assignment()
        self.enter()
        braces = tree.Braces(self.advance().at, [])
        while self.text != "}":
            if braces.items:
                self.expect(",", "between values, or '}' after them")
                if self.text == "}":
                    break
            braces.items.append((self._designators(), self.initializer()))
        self.advance()
        self.depth -= 1
        return braces

    def _designators(self) -> list[str | nodes.Expression]:
        found: list[str | nodes.Expression] = []
        while self.text in (".", "["):
            if self.take("."):
                found.append(self.expect_name("the name of a member").text)
            else:
                self.advance()
                found.append(self.conditional())
                self.expect("]", "after the index")
        if found:
            self.expect("=", "after the designator")
        return found
