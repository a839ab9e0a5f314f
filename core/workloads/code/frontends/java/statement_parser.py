"""Statements."""

from collections.abc import Callable
from typing import ClassVar

from core.workloads.code.frontends.java import phrases, syntax
from core.workloads.code.frontends.java.cursor import PRIMITIVES
from core.workloads.code.frontends.java.declarations import ClassDecl, Param
from core.workloads.code.frontends.java.diagnosing import Unreadable
from core.workloads.code.frontends.java.expression_parser import ExpressionParser
from core.workloads.code.frontends.java.phrases import Statement
from core.workloads.code.frontends.java.syntax import Expr
from core.workloads.code.ir.instructions import Position

_BEHIND_VARIABLE = ("=", ";", ",", ":", "[", ")")
_EFFECTS = (syntax.Assign, syntax.Step, syntax.Call, syntax.New)


class StatementParser(ExpressionParser):
    """The part of the parser that reads statements."""

    def local_class(self) -> ClassDecl:
        """Read a class among statements."""
        raise NotImplementedError

    def sees_class(self) -> bool:
        """Whether a class begins here."""
        raise NotImplementedError

    def block(self) -> phrases.Block:
        """Read statements in braces."""
        at = self.expect("{").at
        body: list[Statement] = []
        with self.deeper():
            while not self.sees("}") and self.token.kind != "end":
                self._recovering(body)
        end = self.token.at
        self.expect("}", "", f"the {{ of line {at.line} is never closed")
        return phrases.Block(at, body, end)

    def _recovering(self, body: list[Statement]) -> None:
        """Read a statement; what cannot be read is reported, and reading goes on behind it."""
        depth, place = self.at_depth(), self._place
        try:
            body.append(self._block_statement())
        except Unreadable:
            self.return_to(depth)
            self.skip_statement(place)

    def skip_statement(self, began: int) -> None:
        """Go on behind what could not be read: behind the next `;`, or before a `}`."""
        if self._place == began:
            self.take()
        depth = 0
        while self.token.kind != "end":
            if self.sees("}"):
                if depth == 0:
                    return
                depth -= 1
            if self.sees("{"):
                depth += 1
            if self.token.line > self._tokens[self._place - 1].end_line and depth == 0 and self._begins_statement():
                return
            if self.take().text == ";" and depth == 0:
                return

    def _begins_statement(self) -> bool:
        return self.token.kind == "name" or self.token.text in self._WORDS or self.token.text in PRIMITIVES

    def _block_statement(self) -> Statement:
        if self.sees_class():
            at = self.token.at
            return phrases.LocalClass(at, self.local_class())
        if self.sees("final") or self.sees("@") or self.sees_variables():
            found = self.variables()
            self.expect(";", " behind the declaration")
            return found
        return self.statement()

    def sees_variables(self) -> bool:
        """Whether variables are declared here."""
        if self.token.text in PRIMITIVES and self.token.kind == "keyword":
            behind = self.scan_type()
            return self.ahead(behind).text not in (".", "::")
        behind = self.scan_type()
        if not behind or self.ahead(behind).kind != "name" or self.sees_word("yield"):
            return False
        return self.ahead(behind + 1).text in _BEHIND_VARIABLE or self.ahead(behind + 1).kind != "op"

    def variables(self) -> phrases.LocalVars:
        """Read the declaration of variables, up to before the `;`."""
        at = self.token.at
        final = False
        while self.sees("final", "@"):
            if self.take().text == "@":
                self.take()
            else:
                final = True
        type_ = self.type()
        return phrases.LocalVars(at, type_, self.declarators(), final)

    def declarators(self) -> list[phrases.Declarator]:
        """Read names with their values."""
        found = []
        while True:
            name = self.name("the name of a variable")
            dims = self.brackets()
            value: Expr | None = None
            if self.accept("="):
                value = self.array_items() if self.sees("{") else self.expression()
            found.append(phrases.Declarator(name.at, name.text, dims, value))
            if not self.accept(","):
                return found

    def statement(self) -> Statement:
        """Read one statement."""
        token = self.token
        with self.deeper():
            if self.sees("{"):
                return self.block()
            if token.kind == "keyword" and token.text in self._WORDS:
                return self._WORDS[token.text](self, token.at)
            if self.accept(";"):
                return phrases.Block(token.at, [], token.at)
            if token.kind == "name" and self.ahead(1).text == ":":
                self.take()
                self.take()
                return phrases.Labeled(token.at, token.text, self.statement())
            if self.sees_word("yield") and self.ahead(1).text not in ("=", ".", "(", "++", "--"):
                self.take()
                value = self.expression()
                self.expect(";", " behind yield")
                return phrases.Yield(token.at, value)
            if token.kind == "keyword" and token.text in ("else", "catch", "finally", "case", "default"):
                raise self._stray_word()
            return self._effect()

    def _stray_word(self) -> Unreadable:
        before = {"else": "if", "catch": "try", "finally": "try", "case": "switch", "default": "switch"}
        word = self.token.text
        hint = f"look at the braces: a {before[word]} must come right before"
        return self.refuse(self.token.at, f"'{word}' without '{before[word]}'", hint, self.token.end)

    def _effect(self) -> Statement:
        start = self.token
        if self.sees_variables():
            hint = "put { and } around the declaration"
            raise self.refuse(start.at, "a declaration cannot stand here by itself", hint)
        value = self.expression()
        if not isinstance(value, _EFFECTS):
            hint = "assign the value to a variable, or call a method with it"
            raise self.refuse(start.at, "this is no statement: its value is not used", hint)
        self.expect(";", " behind the statement")
        return phrases.ExprStatement(start.at, value)

    def _test(self, word: str) -> Expr:
        self.expect("(", f" behind {word}")
        found = self.expression()
        self.expect(")", f" behind the condition of {word}")
        return found

    def _if(self, at: Position) -> Statement:
        self.take()
        test = self._test("if")
        then = self.statement()
        return phrases.If(at, test, then, self.statement() if self.accept("else") else None)

    def _while(self, at: Position) -> Statement:
        self.take()
        return phrases.While(at, self._test("while"), self.statement())

    def _do(self, at: Position) -> Statement:
        self.take()
        body = self.statement()
        self.expect("while", " behind the body of do")
        test = self._test("while")
        self.expect(";", " behind do ... while")
        return phrases.DoWhile(at, body, test)

    def _for(self, at: Position) -> Statement:
        self.take()
        self.expect("(", " behind for")
        start: list[Statement] = []
        if self.sees("final", "@") or self.sees_variables():
            found = self.variables()
            if self.sees(":") and len(found.variables) == 1 and found.variables[0].value is None:
                return self._for_each(at, found)
            start.append(found)
        elif not self.sees(";"):
            start = [phrases.ExprStatement(one.at, one) for one in self._expressions()]
        self.expect(";", " behind the first part of for", "for has three parts: start; condition; step")
        test = None if self.sees(";") else self.expression()
        self.expect(";", " behind the condition of for", "for has three parts: start; condition; step")
        update = [] if self.sees(")") else self._expressions()
        self.expect(")", " behind the parts of for")
        return phrases.For(at, start, test, update, self.statement())

    def _for_each(self, at: Position, found: phrases.LocalVars) -> Statement:
        self.take()
        one = found.variables[0]
        values = self.expression()
        self.expect(")", " behind the parts of for")
        return phrases.ForEach(at, Param(one.at, one.name, found.type, found.final), values, self.statement())

    def _expressions(self) -> list[Expr]:
        found = [self.expression()]
        while self.accept(","):
            found.append(self.expression())
        return found

    def _jump(self, at: Position) -> Statement:
        word = self.take().text
        label = self.take().text if self.token.kind == "name" else ""
        self.expect(";", f" behind {word}")
        return phrases.Jump(at, word, label)

    def _return(self, at: Position) -> Statement:
        self.take()
        value = None if self.sees(";") else self.expression()
        self.expect(";", " behind return")
        return phrases.Return(at, value)

    def _throw(self, at: Position) -> Statement:
        self.take()
        value = self.expression()
        self.expect(";", " behind throw")
        return phrases.Throw(at, value)

    def _assert(self, at: Position) -> Statement:
        self.take()
        test = self.expression()
        message = self.expression() if self.accept(":") else None
        self.expect(";", " behind assert")
        return phrases.Assert(at, test, message)

    def _try(self, at: Position) -> Statement:
        self.take()
        resources: list[phrases.LocalVars] = []
        if self.accept("("):
            while not self.sees(")"):
                resources.append(self.variables())
                self.accept(";")
            self.take()
        body = self.block()
        catches = []
        while self.sees("catch"):
            catches.append(self._catch())
        last = self.block() if self.accept("finally") else None
        if not catches and last is None and not resources:
            raise self.refuse(at, "'try' without 'catch' or 'finally'", "say behind the } what is to be caught")
        return phrases.Try(at, resources, body, catches, last)

    def _catch(self) -> phrases.Catch:
        self.take()
        self.expect("(", " behind catch", "write catch (Exception e)")
        at = self.token.at
        self.accept("final")
        types = [self.type()]
        while self.accept("|"):
            types.append(self.type())
        name = self.name("a name for the exception").text
        self.expect(")", " behind the exception's name")
        return phrases.Catch(at, types, name, self.block())

    def _switch_statement(self, at: Position) -> Statement:
        self.take()
        selector = self._test("switch")
        return phrases.Switch(at, selector, self.switch_cases())

    def _refused(self, at: Position) -> Statement:
        word = self.token.text
        raise self.refuse(at, f"'{word}' is not supported here", "the Engine runs one thread", self.token.end)

    _WORDS: ClassVar[dict[str, Callable[["StatementParser", Position], Statement]]] = {
        "if": _if,
        "while": _while,
        "do": _do,
        "for": _for,
        "break": _jump,
        "continue": _jump,
        "return": _return,
        "throw": _throw,
        "assert": _assert,
        "try": _try,
        "switch": _switch_statement,
        "synchronized": _refused,
    }
