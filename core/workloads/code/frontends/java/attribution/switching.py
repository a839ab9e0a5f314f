"""`switch`, with a value and without."""

from core.workloads.code.frontends.java import acts, core, phrases, syntax, types
from core.workloads.code.frontends.java.attribution import constants
from core.workloads.code.frontends.java.attribution.lambdas import Lambdas
from core.workloads.code.frontends.java.core_walking import walk
from core.workloads.code.frontends.java.types import ClassInfo, ClassType, Type

_COUNTED = (types.INT, types.CHAR, types.BYTE, types.SHORT)


class Switching(Lambdas):
    """The part of the attribution that looks at `switch`."""

    def switch_value(self, node: syntax.SwitchExpr, wanted: Type | None) -> core.Expr:
        """Attribute a `switch` with a value."""
        switch = acts.Switch(node.at, self.wrong(node.at), [], arrow=False)
        self.frame.switches.append((switch, wanted))
        self._fill(switch, node.selector, node.cases, with_value=True)
        self.frame.switches.pop()
        if not switch.complete:
            message = "this switch has no value for every case"
            self.report.error(node.at, message, "add default -> ..., or the constants that are missing")
        gives = [one for one in _gives(switch.cases) if one.target is switch]
        if not gives:
            if not self.report.failed:
                self.report.error(node.at, "this switch gives no value", "write values behind the arrows")
            return self.wrong(node.at)
        type_ = wanted
        if type_ is None or type_ in (types.VOID, types.WRONG):
            type_ = gives[0].value.type
            for one in gives[1:]:
                type_ = self.joined(core.Const(one.at, type_, None), one.value)
        for one in gives:
            one.value = self.coerce(one.value, type_, "the value of switch")
        switch.given = core.Variable("switch", type_, node.at, initialized=True)
        return core.SwitchValue(node.at, type_, switch)

    def switch(self, node: phrases.Switch) -> acts.Statement:
        """Attribute a `switch` without a value."""
        switch = acts.Switch(node.at, self.wrong(node.at), [], arrow=False)
        self.frame.targets.append(("", switch))
        self._fill(switch, node.selector, node.cases, with_value=False)
        self.frame.targets.pop()
        return switch

    def _fill(self, switch: acts.Switch, selector: syntax.Expr, cases: list[syntax.Case], *, with_value: bool) -> None:
        value = self.value(selector)
        inside = self.unboxed(value.type)
        enum = value.type.of if isinstance(value.type, ClassType) and value.type.of.kind == "enum" else None
        if enum is not None:
            ordinal = self.world.named("Enum").of.methods["ordinal"][0]
            switch.selector = core.Invoke(value.at, types.INT, ordinal, value, [])
        elif inside in _COUNTED:
            switch.selector = self.convert(value, inside)
        elif constants.is_string(value.type):
            switch.selector = value
        elif value.type != types.WRONG:
            hint = "it chooses by whole numbers, characters, strings and enums: use if"
            self.report.error(switch.at, f"switch cannot choose by a {value.type}", hint)
        switch.arrow = any(case.arrow for case in cases)
        seen: set[object] = set()
        self.frame.scopes.append({})
        for case in cases:
            labels = self._labels(case, value.type if enum is not None else inside, enum, seen)
            made = acts.Case(case.at, labels, [])
            switch.cases.append(made)
            made.body = self._case_body(case, switch, with_value=with_value)
        self.frame.scopes.pop()
        constants_of = enum.declaration.constants if enum is not None and enum.declaration is not None else []
        switch.complete = None in seen or (with_value and bool(constants_of) and len(seen) >= len(constants_of))

    def _labels(self, case: syntax.Case, type_: Type, enum: ClassInfo | None, seen: set[object]) -> list[object]:
        found: list[object] = [None] if case.is_default else []
        for node in case.labels:
            label = self._enum_label(node, enum) if enum is not None else self._label(node, type_)
            if label is not None:
                found.append(label)
        for label, at in zip(found, [case.at] * case.is_default + [one.at for one in case.labels], strict=False):
            if label in seen:
                self.report.error(at, "there are two cases for the same value", "one of them is never reached")
            seen.add(label)
        return found

    def _enum_label(self, node: syntax.Expr, enum: ClassInfo) -> object:
        assert enum.declaration is not None
        names = [one.name for one in enum.declaration.constants]
        if isinstance(node, syntax.Name) and node.text in names:
            return names.index(node.text)
        self.report.error(node.at, f"this is no constant of {enum.name}", f"it has {', '.join(names)}, written alone")
        return None

    def _label(self, node: syntax.Expr, type_: Type) -> object:
        value = self.value(node)
        if types.WRONG in (value.type, type_):
            return None
        if not isinstance(value, core.Const) or value.value is None:
            self.report.error(node.at, "a case needs a constant", "write a literal, or a final variable with one")
            return None
        found = self.coerce(value, type_, "this case")
        return found.value if isinstance(found, core.Const) else None

    def _case_body(self, case: syntax.Case, switch: acts.Switch, *, with_value: bool) -> list[acts.Statement]:
        if case.value is not None:
            wanted = self.frame.switches[-1][1] if with_value else None
            value = self.value(case.value, wanted)
            if with_value:
                if value.type == types.VOID:
                    self.report.error(case.value.at, "this call gives no value", "the switch needs one in every case")
                    value = self.wrong(case.at)
                return [acts.Give(case.value.at, switch, value)]
            return [acts.Effect(case.value.at, value)]
        return [self.statement(one) for one in case.body]

    def give(self, node: phrases.Yield) -> acts.Statement:
        """Attribute `yield`."""
        if not self.frame.switches:
            self.report.error(node.at, "yield stands in no switch that has a value", "use return or break")
            return acts.Block(node.at, [], node.at)
        switch, wanted = self.frame.switches[-1]
        return acts.Give(node.at, switch, self.value(node.value, wanted))


def _gives(cases: list[acts.Case]) -> list[acts.Give]:
    found = [one for case in cases for statement in case.body for one in walk(statement)]
    return [one for one in found if isinstance(one, acts.Give)]
