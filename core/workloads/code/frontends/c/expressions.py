"""Parsing expressions, by the precedence of their operators."""

from abc import ABC, abstractmethod

from core.workloads.code.frontends.c import nodes, suspicions, tree, written
from core.workloads.code.frontends.c.literals import BadLiteral, character_value, decode, parse_number
from core.workloads.code.frontends.c.parsing import TokenReader
from core.workloads.code.frontends.c.tokens import CHARACTER, KEYWORD, NAME, NUMBER, STRING, Token

_PRECEDENCE = {
    operator: level
    for level, operators in enumerate(("||", "&&", "|", "^", "&", "== !=", "< > <= >=", "<< >>", "+ -", "* / %"), 1)
    for operator in operators.split()
}
_ASSIGNMENTS = frozenset({"=", "+=", "-=", "*=", "/=", "%=", "&=", "|=", "^=", "<<=", ">>="})
_PREFIXES = frozenset({"-", "+", "!", "~", "*", "&"})
_TYPE_WORDS = frozenset(
    {*("void", "char", "short", "int", "long", "float", "double", "signed", "unsigned", "_Bool")}
    | {*("struct", "union", "enum", "const", "volatile", "restrict", "inline")}
)


class ExpressionParser(TokenReader, ABC):
    """Reads expressions; what a type looks like is left to the parser of declarations."""

    @abstractmethod
    def type_name(self) -> written.TypeName:
        """Read a type as it stands in a cast."""

    @abstractmethod
    def initializer(self) -> nodes.Expression:
        """Read an initializer: an expression, or braces."""

    def starts_type(self, token: Token) -> bool:
        """Whether a type can begin with this token."""
        if token.kind == KEYWORD:
            return token.text in _TYPE_WORDS
        return token.kind == NAME and self.is_type_name(token.text)

    def expression(self) -> nodes.Expression:
        """Read an expression, commas included."""
        left = self.assignment()
        while self.text == ",":
            at = self.advance().at
            left = tree.Binary(at, ",", left, self.assignment())
        return left

    def assignment(self) -> nodes.Expression:
        """Read an expression without commas."""
        self.enter()
        left = self.conditional()
        if self.text in _ASSIGNMENTS:
            token = self.advance()
            if token.text == "=" and self.text in ("+", "-") and not self.token.spaced and self.ahead().spaced:
                suspicions.of_assignment(token.at, self.text, self.report)
            left = tree.Assign(token.at, token.text[:-1], left, self.assignment())
        self.depth -= 1
        return left

    def conditional(self) -> nodes.Expression:
        """Read an expression without assignments, as constants are."""
        test = self.binary(1)
        if self.text != "?":
            return test
        at = self.advance().at
        self.enter()
        then = self.expression()
        self.expect(":", "between the two values of ?")
        otherwise = self.conditional()
        self.depth -= 1
        return tree.Conditional(at, test, then, otherwise)

    def binary(self, lowest: int) -> nodes.Expression:
        """Read operands and operators of this precedence and above."""
        left = self.unary()
        while True:
            level = _PRECEDENCE.get(self.text, 0)
            if level < lowest:
                return left
            token = self.advance()
            left = tree.Binary(token.at, token.text, left, self.binary(level + 1))

    def unary(self) -> nodes.Expression:
        """Read an operand with what stands before it."""
        token, text = self.token, self.text
        if text in _PREFIXES or text in ("++", "--"):
            self.advance()
            self.enter()
            operand = self.unary()
            self.depth -= 1
            return tree.Unary(token.at, text, operand)
        if text == "sizeof":
            return self._sizeof()
        if text == "(" and self.starts_type(self.ahead()):
            return self._cast()
        return self._postfix(self._primary())

    def _sizeof(self) -> nodes.Expression:
        at = self.advance().at
        if self.text == "(" and self.starts_type(self.ahead()):
            self.advance()
            named = self.type_name()
            self.expect(")", "after the type")
            return tree.SizeOf(at, None, named)
        self.enter()
        operand = self.unary()
        self.depth -= 1
        return tree.SizeOf(at, operand, None)

    def _cast(self) -> nodes.Expression:
        at = self.advance().at
        named = self.type_name()
        self.expect(")", "after the type of a cast")
        if self.text == "{":
            braces = self.initializer()
            assert isinstance(braces, tree.Braces)
            return self._postfix(tree.Compound(at, named, braces))
        self.enter()
        operand = self.unary()
        self.depth -= 1
        return tree.Cast(at, named, operand)

    def _postfix(self, value: nodes.Expression) -> nodes.Expression:
        while True:
            text, at = self.text, self.token.at
            if text == "(":
                value = self._call(value)
            elif text == "[":
                self.advance()
                index = self.expression()
                self.expect("]", "after the index")
                value = tree.Index(at, value, index)
            elif text in (".", "->"):
                self.advance()
                member = self.expect_name("the name of a member")
                value = tree.Member(member.at, value, member.text, text == "->", at)
            elif text in ("++", "--"):
                self.advance()
                value = tree.Unary(at, "p" + text, value)
            else:
                return value

    def _call(self, callee: nodes.Expression) -> nodes.Expression:
        self.advance()
        args: list[nodes.Expression] = []
        while self.text != ")":
            if args:
                self.expect(",", "between the arguments, or ')' after them")
            args.append(self.assignment())
        self.advance()
        return tree.Call(callee.at, callee, args)

    def _primary(self) -> nodes.Expression:
        token = self.token
        if token.kind == NAME:
            self.advance()
            return tree.Name(token.at, token.text)
        if token.kind in (NUMBER, CHARACTER):
            return self._number()
        if token.kind == STRING:
            return self._string()
        if self.text == "(":
            self.advance()
            inner = self.expression()
            self.expect(")", "to close the parenthesis")
            return inner
        if token.kind == KEYWORD:
            raise self.fail(token, f"expected an expression before {token.shown()}", "a value, a name or a parenthesis")
        raise self.missing("an expression", f"before {token.shown()}", "a value, a name or a parenthesis")

    def _number(self) -> nodes.Expression:
        token = self.advance()
        try:
            if token.kind == CHARACTER:
                if len(decode(token.text)) > 1:
                    self._warn_of_several(token)
                return tree.Number(token.at, character_value(token.text), "int")
            value, type_name = parse_number(token.text)
        except BadLiteral as bad:
            self.report.error("lex", token.at, bad.message, bad.hint, len(token.text))
            return tree.Number(token.at, 0, "int")
        return tree.Number(token.at, value, type_name)

    def _string(self) -> nodes.Expression:
        at, data = self.token.at, b""
        while self.token.kind == STRING:
            token = self.advance()
            try:
                data += decode(token.text)
            except BadLiteral as bad:
                self.report.error("lex", token.at, bad.message, bad.hint, len(token.text))
        return tree.Text(at, data)

    def _warn_of_several(self, token: Token) -> None:
        """Say that single quotes stand around one byte."""
        one = len(token.text) == len("'x'")
        told = f"{token.text} takes more than one byte" if one else "single quotes hold one character"
        self.report.warn("lex", token.at, told, "a text stands in double quotes", len(token.text))
