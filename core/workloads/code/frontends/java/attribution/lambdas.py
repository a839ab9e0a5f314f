"""Lambdas and references to methods: each becomes an object of a class of its own."""

from core.workloads.code.frontends.java import acts, core, phrases, syntax, types
from core.workloads.code.frontends.java.attribution.creating import Creating
from core.workloads.code.frontends.java.attribution.frames import Frame
from core.workloads.code.frontends.java.core_walking import walk
from core.workloads.code.frontends.java.declarations import Param
from core.workloads.code.frontends.java.functional import descriptor
from core.workloads.code.frontends.java.inferring import Bindings
from core.workloads.code.frontends.java.relations import erased, is_reference
from core.workloads.code.frontends.java.types import ClassInfo, ClassType, Method, Type, Wildcard
from core.workloads.code.ir.instructions import Position


class Lambdas(Creating):
    """The part of the attribution that looks at lambdas."""

    def statement(self, node: phrases.Statement) -> acts.Statement:
        """Attribute a statement."""
        raise NotImplementedError

    def functional_value(
        self, node: syntax.Lambda | syntax.MethodRef, wanted: Type, bound: Bindings | None = None
    ) -> tuple[core.Expr, Type]:
        """Attribute a lambda or a reference to a method; gives what it returns, too."""
        found = descriptor(wanted)
        if found is None:
            what = "a lambda" if isinstance(node, syntax.Lambda) else "a reference to a method"
            if wanted != types.WRONG:
                message = f"{what} stands here, and {wanted} is no interface of one method"
                self.report.error(node.at, message, "give it to a variable of a functional interface, such as Runnable")
            return self.wrong(node.at), types.WRONG
        if isinstance(node, syntax.MethodRef):
            return self._reference(node, wanted, found, bound)
        if len(node.params) != len(found[1]):
            message = f"{found[0].name} of {wanted} takes {len(found[1])}, and the lambda {len(node.params)}"
            self.report.error(node.at, message, f"it takes ({', '.join(map(str, found[1]))})")
            return self.wrong(node.at), types.WRONG
        return self._lambda(node, wanted, found, bound, {})

    def _lambda(
        self,
        node: syntax.Lambda,
        wanted: Type,
        found: tuple[Method, list[Type], Type],
        bound: Bindings | None,
        extra: dict[core.Variable, core.Expr],
    ) -> tuple[core.Expr, Type]:
        method, params, returns = found
        assert isinstance(wanted, ClassType)
        is_open = bound is not None and bound.is_open(returns)
        info = self._class(wanted, bound)
        frame = Frame(info, self.frame.static, self.frame.context, self.frame, is_lambda=True)
        frame.method, frame.before_super = self.frame.method, self.frame.before_super
        frame.returns = None if is_open else returns
        variables = []
        for param, type_ in zip(node.params, params, strict=True):
            closed = bound.closed(type_) if bound is not None else type_
            variables.append(self._param(param, closed, frame))
        body, returned = self._body(node, frame, returns, is_open=is_open)
        result = self.boxed(returned) if is_open else returns
        made = Method(method.name, info, [one.type for one in variables], result, frozenset({"public"}))
        made.variables, made.body = variables, body
        info.methods[method.name] = [made]
        captured = [extra[one] if one in extra else self.variable(one, node.at, self.frame) for one in info.captured]
        outer = core.This(node.at, self.frame.inside.type) if info.outer_this is not None else None
        return core.Create(node.at, wanted, info, None, [], outer, captured), returned

    def _class(self, wanted: ClassType, bound: Bindings | None) -> ClassInfo:
        outer = next(frame.inside for frame in self.frames() if not frame.is_lambda)
        info = ClassInfo("lambda", "class", frozenset({"final", "static"}), None, outer, outer.package, outer.library)
        info.superclass = self.world.object()
        bare = [one.bound if isinstance(one, Wildcard) else one for one in wanted.args]
        closed = tuple(bound.closed(one) if bound is not None else one for one in bare)
        info.interfaces = [ClassType(wanted.of, closed)]
        info.looked_at = True
        return info

    def _param(self, param: Param, type_: Type, frame: Frame) -> core.Variable:
        if param.type is not None:
            written = self.resolved(param.type)
            if erased(written) != erased(type_) and types.WRONG not in (written, type_):
                self.report.error(
                    param.at, f"{param.name} is given a {type_}, and declared as {written}", "leave its type away"
                )
            type_ = written
        self.refuse_twice(param.name, param.at)
        variable = core.Variable(param.name, type_, param.at, parameter=True)
        frame.scopes[0][param.name] = variable
        return variable

    def refuse_twice(self, name: str, at: Position) -> None:
        """Report a variable that hides another one of the method."""
        for frame in self.frames():
            if frame.find(name) is not None:
                self.report.error(at, f"there is a variable {name} already", "give one of them another name")
            if not frame.is_lambda:
                return

    def _body(self, node: syntax.Lambda, frame: Frame, returns: Type, *, is_open: bool) -> tuple[acts.Block, Type]:
        outer, self.frame = self.frame, frame
        try:
            if isinstance(node.body, phrases.Block):
                body = self.statement(node.body)
                assert isinstance(body, acts.Block)
                returned = self._returned(body, frame) if is_open else returns
                return body, returned
            at = node.body.at
            value = self.value(node.body, None if is_open or returns == types.VOID else returns)
            if returns == types.VOID:
                return acts.Block(at, [acts.Effect(at, value)], at), types.VOID
            returned = value.type
            if returned == types.VOID:
                self.report.error(
                    at, "this lambda must give a value, and the call gives none", "call a method that returns one"
                )
                return acts.Block(at, [], at), types.WRONG
            value = self.convert(value, self.boxed(returned)) if is_open else self.coerce(value, returns, "the lambda")
            return acts.Block(at, [acts.Return(at, value)], at), returned
        finally:
            self.frame = outer

    def _returned(self, body: acts.Block, frame: Frame) -> Type:
        """Give the type of all values that a lambda returns, and make them boxes."""
        if not frame.given:
            return types.VOID
        found = frame.given[0].type
        for one in frame.given[1:]:
            found = self.joined(core.Const(one.at, found, None), core.Const(one.at, one.type, None))
        for node in walk(body):
            if isinstance(node, acts.Return) and node.value is not None:
                node.value = self.convert(self.coerce(node.value, found), self.boxed(found))
        return found

    # References to methods are lambdas that call them.

    def _reference(
        self, node: syntax.MethodRef, wanted: Type, found: tuple[Method, list[Type], Type], bound: Bindings | None
    ) -> tuple[core.Expr, Type]:
        params = [Param(node.at, f"$arg{place}", None) for place in range(len(found[1]))]
        names: list[syntax.Expr] = [syntax.Name(node.at, one.name) for one in params]
        extra: dict[core.Variable, core.Expr] = {}
        scope: dict[str, core.Variable] = {}
        if isinstance(node.object, syntax.TypeNode) or node.name == "new":
            body = self._making(node, names)
        else:
            before: core.Expr | ClassInfo | None = None
            if not isinstance(node.object, syntax.This | syntax.Super):
                before = self.value_or_class(node.object)
            if isinstance(before, ClassInfo):
                body = self._class_reference(node, before, names, found[1], bound)
            elif before is None:
                body = syntax.Call(node.at, node.object, node.name, names)
            else:
                kept = core.Variable("$bound", before.type, node.at, initialized=True)
                scope, extra = {"$bound": kept}, {kept: before}
                body = syntax.Call(node.at, syntax.Name(node.at, "$bound"), node.name, names)
        if body is None:
            return self.wrong(node.at), types.WRONG
        self.frame.scopes.append(scope)
        made = self._lambda(syntax.Lambda(node.at, params, body), wanted, found, bound, extra)
        self.frame.scopes.pop()
        return made

    def _making(self, node: syntax.MethodRef, names: list[syntax.Expr]) -> syntax.Expr | None:
        if isinstance(node.object, syntax.TypeNode):
            type_ = node.object
        elif isinstance(node.object, syntax.Name):
            class_ = self.class_named(node.object.text)
            type_ = syntax.TypeNode(node.at, node.object.text, [] if class_ is not None and class_.params else None)
        else:
            self.report.error(node.at, "this reference is not supported here", "write a lambda")
            return None
        if type_.dims:
            return syntax.NewArray(node.at, type_, names)
        if node.name == "new":
            return syntax.New(node.at, type_, names)
        self.report.error(node.at, "this reference is not supported here", "write a lambda")
        return None

    def _class_reference(
        self,
        node: syntax.MethodRef,
        class_: ClassInfo,
        names: list[syntax.Expr],
        params: list[Type],
        bound: Bindings | None,
    ) -> syntax.Expr | None:
        methods = [one.method for one in self.candidates(ClassType(class_), node.name)]
        if not methods:
            self.report.error(node.at, f"{class_.name} has no method {node.name}", "look at its name")
            return None
        assert isinstance(node.object, syntax.Expr)
        if any(one.static and (len(one.params) == len(names) or one.variable) for one in methods):
            return syntax.Call(node.at, node.object, node.name, names)
        if not names:
            self.report.error(node.at, f"{node.name} needs an object", "write the object in front of ::")
            return None
        if bound is not None and isinstance(params[0], types.TypeVar) and bound.is_open(params[0]):
            bound.unify(params[0], ClassType(class_))
        first: syntax.Expr = names[0]
        if not is_reference(params[0]):
            first = syntax.Cast(node.at, syntax.TypeNode(node.at, class_.name), first)
        return syntax.Call(node.at, first, node.name, names[1:])
