"""The cases of `switch`."""

from core.workloads.code.frontends.java import syntax
from core.workloads.code.frontends.java.statement_parser import StatementParser


class SwitchParser(StatementParser):
    """The part of the parser that reads what `switch` chooses among."""

    def switch_cases(self) -> list[syntax.Case]:
        """Read the cases of a `switch`, in braces."""
        opened = self.expect("{", " behind switch").at
        found = []
        while not self.sees("}"):
            if self.token.kind == "end":
                self.expect("}", "", f"the {{ of line {opened.line} is never closed")
            found.append(self._case())
        self.take()
        return found

    def _case(self) -> syntax.Case:
        at = self.token.at
        labels: list[syntax.Expr] = []
        is_default = self.accept("default")
        if not is_default:
            self.expect("case", "", "inside switch stand case and default")
            while True:
                if self.accept("default"):
                    is_default = True
                else:
                    labels.append(self._label())
                if not self.accept(","):
                    break
        case = syntax.Case(at, labels, is_default, [], arrow=self.sees("->"))
        if not self.accept("->"):
            self.expect(":", " behind the label")
            with self.deeper():
                while not self.sees("case", "}") and not self.is_default_label() and self.token.kind != "end":
                    self._recovering(case.body)
        elif self.sees("{", "throw"):
            case.body = [self.statement()]
        else:
            case.value = self.expression()
            self.expect(";", " behind the case")
        return case

    def _label(self) -> syntax.Expr:
        behind = self.scan_type()
        if behind and self.ahead(behind).kind == "name":
            raise self.refuse(self.token.at, "patterns in switch are not supported", "use if and instanceof")
        return self._binary(1)

    def is_default_label(self) -> bool:
        """Whether `default` stands here as a label."""
        return self.token.text == "default" and self.ahead(1).text in (":", "->")
