"""Going through statements: what is never reached, what has no value yet, and methods that end without one."""

from core.workloads.code.frontends.java import acts, core, types
from core.workloads.code.frontends.java.checking.expressions import Assigned, ExpressionFlow
from core.workloads.code.frontends.java.completing import completes
from core.workloads.code.frontends.java.diagnosing import Report
from core.workloads.code.frontends.java.types import ClassInfo, Method


def check(info: ClassInfo, report: Report) -> None:
    """Go through all that runs in a class."""
    flow = Flow(report)
    flow.starting(info.static_starts)
    static = set(flow.assigned)
    _check_finals(info, static, report, static=True)
    for named in info.methods.values():
        for method in named:
            Flow(report).method(method)
    for constructor in info.constructors:
        Flow(report).constructor(constructor)


def _check_finals(info: ClassInfo, assigned: Assigned, report: Report, *, static: bool) -> None:
    for field in info.fields.values():
        blank = field.final and field.static == static and field.constant is None and not field.initialized
        if blank and field not in assigned:
            hint = "give it one in its declaration" + ("" if static else ", or in every constructor")
            report.error(field.at, f"the final field {field.name} gets no value", hint)


class Flow(ExpressionFlow):
    """Goes through a method."""

    def __init__(self, report: Report) -> None:
        super().__init__(report)
        self._left: dict[acts.Statement, list[Assigned]] = {}
        self._known: Assigned = set()

    @property
    def known(self) -> Assigned:
        """All variables met so far."""
        return self._known

    def starting(self, starts: list[acts.Statement]) -> None:
        """Go through what runs as a class or an object begins."""
        for one in starts:
            self.statement(one)
        self.exceptions.settle([], "to the constructor")
        self.exceptions.around.append([])

    def method(self, method: Method) -> None:
        """Go through a method."""
        body = method.body
        if body is None:
            return
        self.exceptions.around.append([])
        left, self._left = self._left, {}
        self.alive = True
        self.statement(body)
        if self.alive and method.returns not in (types.VOID, types.WRONG):
            hint = "write return with a value on every way through it"
            self.report.error(body.end, f"the method {method.name} may end without returning a value", hint)
        self._left = left
        self.exceptions.settle(method.throws, f"behind the parameters of {method.name}")

    def constructor(self, method: Method) -> None:
        """Go through a constructor, with what runs before its own statements."""
        info, body = method.owner, method.body
        if body is None:
            return
        self.exceptions.around.append([])
        first = body.body[0] if body.body else None
        delegates = isinstance(first, acts.ConstructorCall) and first.constructor.owner is info
        if isinstance(first, acts.ConstructorCall):
            self.statement(first)
        if not delegates:
            for one in info.starts:
                self.statement(one)
        for one in body.body[isinstance(first, acts.ConstructorCall) :]:
            self.statement(one)
        self.exceptions.settle(method.throws, f"behind the parameters of the constructor of {info.name}")
        if not delegates and self.alive:
            _check_finals(info, self.assigned, self.report, static=False)

    def statement(self, node: acts.Statement) -> None:  # noqa: C901 - a case for each
        """Go through a statement."""
        if not self.alive and not (isinstance(node, acts.Block) and not node.body):
            hint = "what stands before it always leaves: by return, break, continue, throw or a loop without end"
            self.report.error(node.at, "this statement is never reached", hint)
            self.alive = True
        match node:
            case acts.Block(body=body):
                for one in body:
                    self.statement(one)
            case acts.Declare(variable=variable, value=value):
                self._known.add(variable)
                self.assigned.discard(variable)
                if value is not None:
                    self.value(value)
                    self.assigned.add(variable)
            case acts.Effect(value=value):
                self.value(value)
            case acts.If():
                self._if(node)
            case acts.Loop():
                self._loop(node)
            case acts.Labeled(body=body_):
                self._left[node] = []
                self.statement(body_)
                self._join_left(node)
            case acts.Switch():
                self.switch(node)
            case acts.Try():
                self._try(node)
            case _:
                self._leaving(node)

    def _leaving(self, node: acts.Statement) -> None:
        match node:
            case acts.Jump(target=target, goes_on=goes_on):
                if not goes_on:
                    self._left.setdefault(target, []).append(set(self.assigned))
            case acts.Give(target=switch, value=value):
                self.value(value)
                self._left.setdefault(switch, []).append(set(self.assigned))
            case acts.Return(value=value):
                self.values(value)
            case acts.Throw(value=value):
                self.value(value)
                self.exceptions.throw_value(value, node.at)
            case acts.ConstructorCall(args=args):
                self.values(node.outer, *args)
                for one in node.constructor.throws:
                    self.exceptions.throw(one, node.at)
                return
        self.alive = False

    def _join_left(self, node: acts.Statement) -> None:
        """Go on behind a statement, where its own end and what leaves it come together."""
        ways = self._left.pop(node, [])
        if self.alive:
            ways.append(self.assigned)
        if ways:
            self.assigned = set.intersection(*ways)
        self.alive = bool(ways)

    def _if(self, node: acts.If) -> None:
        when_true, when_false = self.test(node.test)
        self.assigned = when_true
        self.statement(node.then)
        ways = [self.assigned] if self.alive else []
        self.alive, self.assigned = True, when_false
        if node.otherwise is not None:
            self.statement(node.otherwise)
        ways += [self.assigned] if self.alive else []
        self.alive = bool(ways)
        self.assigned = set.intersection(*ways) if ways else when_true & when_false

    def _loop(self, node: acts.Loop) -> None:
        self._left[node] = []
        if node.body_first:
            self.statement(node.body)
            self.alive = True
            _, after = self.test(node.test) if node.test is not None else (self.assigned, self.assigned)
        else:
            inside, after = self.test(node.test) if node.test is not None else (set(self.assigned), self._everything())
            if isinstance(node.test, core.Const) and node.test.value is False:
                self.report.error(node.body.at, "this statement is never reached", "the condition is always false")
            self.assigned = inside
            self.statement(node.body)
            self.alive = True
            for one in node.update:
                self.statement(one)
        ways = [*self._left.pop(node), after]
        self.assigned = set.intersection(*ways)
        self.alive = completes(node)

    def switch(self, node: acts.Switch) -> None:
        """Go through a `switch`."""
        self.value(node.selector)
        before = set(self.assigned)
        self._left[node] = []
        for place, case in enumerate(node.cases):
            falls = self.alive and place > 0 and not node.arrow
            self.assigned = before & self.assigned if falls else set(before)
            self.alive = True
            for one in case.body:
                self.statement(one)
            if node.arrow and self.alive:
                if node.given is not None:
                    hint = "give a value with yield"
                    self.report.error(case.at, "this case of the switch gives no value", hint)
                self._left[node].append(self.assigned)
                self.alive = False
        if not node.complete:
            self._left[node].append(before)
        if not node.cases:
            self.alive = True
        self._join_left(node)

    def _try(self, node: acts.Try) -> None:
        before = set(self.assigned)
        self.exceptions.around.append([])
        self.statement(node.body)
        thrown = self.exceptions.catch(node, self.exceptions.around.pop())
        ways = [self.assigned] if self.alive else []
        self.exceptions.around.append([])
        for one in node.catches:
            self.alive = True
            self.assigned = {*before, one.variable}
            self.statement(one.body)
            ways += [self.assigned] if self.alive else []
        thrown += self.exceptions.around.pop()
        alive = bool(ways)
        self.assigned = set.intersection(*ways) if ways else before
        if node.last is not None:
            after, self.assigned, self.alive = self.assigned, set(before), True
            self.statement(node.last)
            self.assigned |= after
            if not self.alive:
                thrown, alive = [], False
        self.exceptions.around[-1] += thrown
        self.alive = alive
