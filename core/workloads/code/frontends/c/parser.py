"""Parsing statements and whole sources."""

from collections.abc import Callable
from typing import ClassVar

from core.workloads.code.frontends.c import advising, nodes, tree, written
from core.workloads.code.frontends.c.declarations import DeclarationParser
from core.workloads.code.frontends.c.diagnosing import Reporter
from core.workloads.code.frontends.c.parsing import OPERANDS, Unparsable
from core.workloads.code.frontends.c.tokens import END, NAME, Token


def parse(tokens: list[Token], types: set[str], report: Reporter) -> tree.Unit:
    """Read a source; `types` are the names of types that its headers bring. What cannot be read is left out."""
    parser = _Parser(tokens, report)
    parser.typedefs[0].update(dict.fromkeys(types, True))
    return parser.unit()


class _Parser(DeclarationParser):
    def unit(self) -> tree.Unit:
        parts: list[tree.FunctionDefinition | written.Declaration] = []
        while self.token.kind != END:
            place = self.place
            try:
                part = self._external()
                if part is not None:
                    parts.append(part)
            except Unparsable:
                self._recover(place)
        return tree.Unit(parts)

    def _recover(self, place: int) -> None:
        self.depth = 0
        del self.typedefs[1:]
        self.skip()
        if self.text == "}" or self.place == place:
            self.advance()

    def _external(self) -> tree.FunctionDefinition | written.Declaration | None:
        if self.take(";"):
            return None
        token = self.token
        if not self.starts_declaration():
            raise self._no_declaration(token)
        specifiers = self.specifiers()
        if self.take(";"):
            return written.Declaration(token.at, specifiers, [])
        declarator = self.declarator()
        function = declarator.modifiers[0] if declarator.modifiers else None
        if isinstance(function, written.FunctionOf) and self.text == "{":
            return self._function(specifiers, declarator, function)
        found = written.Declaration(token.at, specifiers, [])
        self.declare_rest(found, declarator)
        return found

    def _no_declaration(self, token: Token) -> Unparsable:
        if token.text == "}":
            return self.fail(token, "this '}' closes nothing", "take it out, or open a block before it")
        if token.kind == NAME and self.ahead().kind == NAME:
            hint = advising.of_type(token.text, "declare it with typedef, or check its spelling")
            return self.fail(token, f"there is no type {token.shown()}", hint)
        if token.text == "main":
            return self.fail(token, "expected the type of what 'main' gives back before it", "write int main(void)")
        what = "a declaration or a function"
        hint = advising.FOREIGN_TYPES.get(token.text, "statements belong into a function such as main")
        return self.fail(token, f"expected {what} before {token.shown()}", hint)

    def _function(
        self, specifiers: written.Specifiers, declarator: written.Declarator, function: written.FunctionOf
    ) -> tree.FunctionDefinition:
        self.declares(declarator.name)
        self.typedefs.append({one.declarator.name: False for one in function.params or []})
        body = self._block()
        self.typedefs.pop()
        return tree.FunctionDefinition(declarator.at, specifiers, declarator, body)

    # Statements.

    def _block(self) -> tree.Block:
        at = self.expect("{", "to begin a block").at
        self.enter()
        self.typedefs.append({})
        items: list[tree.Statement | written.Declaration] = []
        while self.text != "}":
            if self.token.kind == END:
                raise self.missing("'}'", f"to close the block begun in line {at.line}", "count the braces")
            self._item(items)
        self.typedefs.pop()
        self.depth -= 1
        return tree.Block(at, items, self.advance().at)

    def _item(self, items: list[tree.Statement | written.Declaration]) -> None:
        place, depth, scopes = self.place, self.depth, len(self.typedefs)
        try:
            is_label = self.token.kind == NAME and self.ahead().text == ":"
            items.append(self.declaration() if not is_label and self.starts_declaration() else self.statement())
        except Unparsable:
            self.depth = depth
            del self.typedefs[scopes:]
            if self.place == place:
                self.advance()
            self.skip()

    def statement(self) -> tree.Statement:
        """Read one statement."""
        self.enter()
        read = self._STATEMENTS.get(self.text) if self.token.kind != NAME else None
        if read is not None:
            found = read(self)
        elif self.token.kind == NAME and self.ahead().text == ":":
            name = self.advance()
            self.advance()
            found = tree.Label(name.at, name.text, self._labelled())
        else:
            found = self._evaluate()
        self.depth -= 1
        return found

    def _labelled(self) -> tree.Statement:
        if self.text == "}":
            return tree.Evaluate(self.token.at, None)
        if self.starts_declaration():
            what = "a label must be followed by a statement, not by a declaration"
            raise self.fail(self.token, what, "put ; after the label, or the declaration before it")
        return self.statement()

    def _evaluate(self) -> tree.Statement:
        at = self.token.at
        if self.take(";"):
            return tree.Evaluate(at, None)
        if self.text in ("else", "case", "default"):
            raise self.fail(
                self.token, f"{self.token.shown()} has no statement that it belongs to", "check the braces before"
            )
        if self.token.kind == NAME and self.ahead().kind == NAME:
            hint = advising.of_type(self.token.text, "declare it, or check its spelling")
            raise self.fail(self.token, f"there is no type {self.token.shown()}", hint)
        first = self.token
        value = self.expression()
        called = isinstance(value, tree.Call) or (isinstance(value, tree.Name) and self.token.kind in OPERANDS)
        hint = advising.of_word(first.text) if first.kind == NAME and called else ""
        if hint and self.text != ";":
            raise self.fail(first, f"{first.shown()} is no word of C", hint)
        self.expect(";", "after the statement")
        return tree.Evaluate(at, value)

    def _test(self, word: str) -> nodes.Expression:
        self.expect("(", f"after '{word}'")
        test = self.expression()
        self.expect(")", f"after the condition of '{word}'")
        return test

    def _if(self) -> tree.Statement:
        at = self.advance().at
        test = self._test("if")
        then = self._body()
        otherwise = None
        if self.take("else"):
            # A chain of else-ifs is one level deep, however long.
            self.depth -= 1
            otherwise = self._body()
            self.depth += 1
        return tree.If(at, test, then, otherwise)

    def _body(self) -> tree.Statement:
        if self.starts_declaration() and not (self.token.kind == NAME and self.ahead().text == ":"):
            raise self.fail(self.token, "a declaration cannot stand here alone", "put it in braces")
        return self.statement()

    def _while(self) -> tree.Statement:
        at = self.advance().at
        test = self._test("while")
        return tree.Loop(at, "while", None, test, None, self._body())

    def _do(self) -> tree.Statement:
        at = self.advance().at
        body = self._body()
        self.expect("while", "after the body of 'do'")
        test = self._test("while")
        self.expect(";", "after 'do … while (…)'")
        return tree.Loop(at, "do", None, test, None, body)

    def _for(self) -> tree.Statement:
        at = self.advance().at
        self.expect("(", "after 'for'")
        self.typedefs.append({})
        start: written.Declaration | nodes.Expression | None = None
        if self.starts_declaration():
            start = self.declaration()
        elif not self.take(";"):
            start = self.expression()
            self.expect(";", "after the first part of 'for'")
        test = None if self.text == ";" else self.expression()
        self.expect(";", "after the second part of 'for'")
        step = None if self.text == ")" else self.expression()
        self.expect(")", "after the parts of 'for'")
        body = self._body()
        self.typedefs.pop()
        return tree.Loop(at, "for", start, test, step, body)

    def _switch(self) -> tree.Statement:
        at = self.advance().at
        value = self._test("switch")
        return tree.Switch(at, value, self._body())

    def _case(self) -> tree.Statement:
        token = self.advance()
        value = self.conditional() if token.text == "case" else None
        self.expect(":", f"after '{token.text}'")
        return tree.Case(token.at, value, self._labelled())

    def _jump(self) -> tree.Statement:
        token = self.advance()
        label = self.expect_name("a label") if token.text == "goto" else None
        self.expect(";", f"after '{token.text}'")
        return tree.Jump(label.at if label else token.at, token.text, label.text if label else "")

    def _return(self) -> tree.Statement:
        at = self.advance().at
        value = None if self.text == ";" else self.expression()
        self.expect(";", "after 'return'")
        return tree.Return(at, value)

    _STATEMENTS: ClassVar[dict[str, Callable[["_Parser"], tree.Statement]]] = {
        "{": _block,
        "if": _if,
        "while": _while,
        "do": _do,
        "for": _for,
        "switch": _switch,
        "case": _case,
        "default": _case,
        "break": _jump,
        "continue": _jump,
        "goto": _jump,
        "return": _return,
    }
