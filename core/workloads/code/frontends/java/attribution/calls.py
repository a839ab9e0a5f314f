"""Calls: which method is meant, what its type variables stand for, and what its arguments become."""

from collections.abc import Sequence
from difflib import get_close_matches

from core.workloads.code.frontends.java import core, syntax, types
from core.workloads.code.frontends.java.attribution.candidates import Argument, Candidate, Candidates
from core.workloads.code.frontends.java.functional import descriptor
from core.workloads.code.frontends.java.inferring import Bindings
from core.workloads.code.frontends.java.relations import (
    bounds,
    erased,
    substitute,
    supertypes,
    upper,
)
from core.workloads.code.frontends.java.types import ArrayType, ClassInfo, ClassType, Method, Type
from core.workloads.code.ir.instructions import Position

_MOST_SHOWN = 3

_MEANT = {
    "size": ("length",),
    "length": ("size",),
    "len": ("length", "size"),
    "count": ("length", "size"),
    "push": ("add",),
    "append": ("add",),
    "put": ("add",),
    "at": ("charAt", "get"),
    "charat": ("charAt",),
    "substr": ("substring",),
    "upper": ("toUpperCase",),
    "lower": ("toLowerCase",),
    "has": ("contains", "containsKey"),
    "includes": ("contains",),
}
"""What students write for a method, and what it is called in Java, the first that there is."""


class Calls(Candidates):
    """The part of the attribution that looks at calls."""

    def functional_value(
        self, node: syntax.Lambda | syntax.MethodRef, wanted: Type, bound: Bindings | None = None
    ) -> tuple[core.Expr, Type]:
        """Attribute a lambda or a reference to a method; gives what it returns, too."""
        raise NotImplementedError

    # Which method.

    def call(self, node: syntax.Call, wanted: Type | None) -> core.Expr:
        """Attribute a call."""
        if node.object is None:
            return self._own_call(node, wanted)
        if isinstance(node.object, syntax.Super):
            return self._super_call(node, node.object, wanted)
        before = self.value_or_class(node.object)
        if isinstance(before, ClassInfo):
            return self._static_call(node, before, wanted)
        if before.type == types.WRONG:
            self.arguments_alone(node.args)
            return before
        if isinstance(before.type, ArrayType) and node.name == "clone" and not node.args:
            copy = self.world.named("$Arrays").of.methods["copy"][0]
            return core.Convert(
                node.at, before.type, core.Invoke(node.at, self.world.object(), copy, None, [before]), "same"
            )
        return self._member_call(node, before, wanted)

    def arguments_alone(self, nodes: Sequence[syntax.Expr]) -> None:
        """Look at arguments of a call that is wrong for another reason."""
        self.arguments([one for one in nodes if not self._is_pending(one)])

    def _member_call(self, node: syntax.Call, before: core.Expr, wanted: Type | None) -> core.Expr:
        candidates = self.candidates(before.type, node.name)
        if not candidates:
            return self._no_method(node, before.type)
        found = self.select_method(node.at, node.name, candidates, node.args, wanted)
        if found is None:
            return self.wrong(node.at)
        method, args, result = found
        if method.static:
            return core.Invoke(node.at, result, method, None, args)
        return core.Invoke(node.at, result, method, before, args, virtual=True)

    def _static_call(self, node: syntax.Call, class_: ClassInfo, wanted: Type | None) -> core.Expr:
        candidates = self.candidates(ClassType(class_), node.name)
        if not candidates:
            return self._no_method(node, ClassType(class_))
        found = self.select_method(node.at, node.name, candidates, node.args, wanted)
        if found is None:
            return self.wrong(node.at)
        method, args, result = found
        if not method.static:
            hint = f"make an object with new {class_.name}(...) and call its {node.name}, or declare it static"
            self.report.error(node.at, f"{node.name} belongs to objects of {class_.name}, and this is the class", hint)
            return self.wrong(node.at)
        return core.Invoke(node.at, result, method, None, args)

    def _own_call(self, node: syntax.Call, wanted: Type | None) -> core.Expr:
        for frame in self.frames():
            candidates = [] if frame.is_lambda else self.candidates(frame.inside.type, node.name)
            if not candidates:
                continue
            found = self.select_method(node.at, node.name, candidates, node.args, wanted)
            if found is None:
                return self.wrong(node.at)
            method, args, result = found
            if method.static:
                return core.Invoke(node.at, result, method, None, args)
            object_ = self.enclosing(node.at, lambda one, inside=frame.inside: one is inside)  # type: ignore[misc]  # bound now
            if object_ is None:
                hint = f"declare {node.name} static, or make an object and call its {node.name}"
                self.report.error(node.at, f"{node.name} belongs to objects, and a static method has none", hint)
                return self.wrong(node.at)
            return core.Invoke(node.at, result, method, object_, args, virtual="private" not in method.modifiers)
        return self._no_method(node, None)

    def _super_call(self, node: syntax.Call, before: syntax.Super, wanted: Type | None) -> core.Expr:
        this = self.this(node.at)
        inside = self.frame.inside
        parents = [one for one in inside.interfaces if one.of.name == before.of] if before.of else [inside.superclass]
        parent = parents[0] if parents else None
        candidates = self.candidates(parent, node.name) if parent is not None else []
        if not candidates:
            return self._no_method(node, parent)
        found = self.select_method(node.at, node.name, candidates, node.args, wanted)
        if found is None:
            return self.wrong(node.at)
        method, args, result = found
        if method.abstract:
            self.report.error(node.at, f"{method} is abstract above: there is nothing to call", "write it here")
        return core.Invoke(node.at, result, method, this, args)

    def _no_method(self, node: syntax.Call, type_: Type | None) -> core.Expr:
        self.arguments_alone(node.args)
        classes = (
            [one.of for one in bounds(type_) if isinstance(one, ClassType)]
            if type_ is not None
            else [frame.inside for frame in self.frames()]
        )
        known = [name for one in classes for above in supertypes(ClassType(one)) for name in above.of.methods]
        near = [one for one in _MEANT.get(node.name, ()) if one in known] or get_close_matches(node.name, known, 1)
        whose = f"{type_} has no method {node.name}" if type_ is not None else f"there is no method {node.name} here"
        hint = f"did you mean {near[0]}?" if near else "declare it, or look at its name"
        if isinstance(type_, ArrayType) and node.name in ("length", "size"):
            hint = "an array has length, without parentheses"
        if isinstance(type_, types.Primitive):
            whose, hint = f"{type_} is no class, and has no methods", "a class such as Integer may have a method for it"
        if type_ is not None and any(one.library for one in classes) and not near:
            hint = "see in the manual which methods of the library there are here"
        self.report.error(node.at, whose, hint)
        return self.wrong(node.at)

    def select_method(
        self,
        at: Position,
        name: str,
        candidates: Sequence[Candidate],
        nodes: Sequence[syntax.Expr],
        wanted: Type | None,
    ) -> tuple[Method, list[core.Expr], Type] | None:
        """Find the method that is meant; gives it with its arguments and the type of the result."""
        args = self.arguments(nodes)
        if any(isinstance(one, core.Expr) and one.type == types.WRONG for one in args):
            return None
        if len([one for one in candidates if len(one.method.params) == len(args) or one.method.variable]) > 1:
            args = [self.value(one) if isinstance(one, syntax.Call | syntax.Conditional) else one for one in args]
        visible = [one for one in candidates if self._may_call(one.method)]
        chosen, spread = self._chosen(visible, args)
        if chosen is None:
            self._not_applicable(at, name, candidates, visible, args)
            return None
        return self._completed(chosen, args, wanted, spread=spread)

    def _may_call(self, method: Method) -> bool:
        private, public = "private" in method.modifiers, "public" in method.modifiers
        return self.may_see(private, public or "protected" in method.modifiers, method.owner)

    # What it gets and gives.

    def _completed(
        self, chosen: Candidate, args: Sequence[Argument], wanted: Type | None, *, spread: bool
    ) -> tuple[Method, list[core.Expr], Type]:
        method = chosen.method
        params = chosen.params(len(args) if spread else -1)
        returns = substitute(method.returns, chosen.given)
        if method.is_constructor:
            returns = ClassType(method.owner, tuple(chosen.given.get(one, one) for one in method.owner.params))
        bound = self._bound(params, args, returns, wanted, chosen)
        made = [self._argument(param, arg, bound) for param, arg in zip(params, args, strict=True)]
        bound.expect(returns, wanted)
        if spread:
            last = substitute(method.params[-1], chosen.given)
            fixed = len(method.params) - 1
            rest = made[fixed:]
            at = rest[0].at if rest else Position(1, 1)
            made = [*made[:fixed], core.ArrayOf(at, erased(bound.closed(last)), rest)]
        return method, made, upper(bound.closed(returns))

    def _bound(
        self, params: Sequence[Type], args: Sequence[Argument], returns: Type, wanted: Type | None, chosen: Candidate
    ) -> Bindings:
        bound = Bindings(chosen.free)
        bound.expect(returns, wanted)
        ready = [(param, arg) for param, arg in zip(params, args, strict=True) if isinstance(arg, core.Expr)]
        if bound.found and all(self.fits(arg.type, bound.closed(param), arg) for param, arg in ready):
            for param, arg in ready:
                bound.unify(param, self.boxed(arg.type))
            return bound
        bound = Bindings(chosen.free)
        for param, arg in ready:
            bound.unify(param, self.boxed(arg.type))
        if len(ready) < len(args):
            bound.expect(returns, wanted)
        return bound

    def _argument(self, param: Type, arg: Argument, bound: Bindings) -> core.Expr:
        if isinstance(arg, core.Expr):
            return self.coerce(arg, bound.closed(param), "this argument")
        if isinstance(arg, syntax.Lambda | syntax.MethodRef):
            made, returned = self.functional_value(arg, bound.applied(param), bound)
            found = descriptor(param)
            if found is not None and returned != types.VOID:
                bound.unify(found[2], self.boxed(returned))
            return made
        wanted = bound.applied(param)
        value = self.value(arg, wanted if not bound.is_open(param) else None)
        bound.unify(param, self.boxed(value.type))
        return self.coerce(value, bound.closed(param), "this argument")

    def _not_applicable(
        self,
        at: Position,
        name: str,
        candidates: Sequence[Candidate],
        visible: Sequence[Candidate],
        args: Sequence[Argument],
    ) -> None:
        shown = ", ".join(str(one.type) if isinstance(one, core.Expr) else "a lambda" for one in args)
        if not visible and candidates:
            method = candidates[0].method
            hint = f"use what {method.owner.name} offers to all, or make it public"
            what = "constructor" if method.is_constructor else "method"
            self.report.error(at, f"the {what} {method} is private in {method.owner.name}", hint)
            return
        counted = [one for one in visible if len(one.method.params) == len(args)]
        if len(visible) == 1 or len(counted) == 1:
            self._one_not_applicable(at, (counted or visible)[0], args, shown)
            return
        known = [str(one.method) for one in visible[:_MOST_SHOWN]]
        hint = f"there are {', '.join(known)}{' and others' if len(visible) > _MOST_SHOWN else ''}"
        title = candidates[0].method.owner.name if name == "<init>" else name
        self.report.error(at, f"no {title} takes ({shown})", hint)

    def _one_not_applicable(self, at: Position, one: Candidate, args: Sequence[Argument], shown: str) -> None:
        method, params = one.method, one.params(-1)
        title = method.owner.name if method.is_constructor else method.name
        if len(params) != len(args) and not method.variable:
            noun = "argument" if len(params) == 1 else "arguments"
            wanted = ", ".join(map(str, params))
            message = f"{title} takes {len(params)} {noun}, and gets {len(args)}"
            self.report.error(at, message, f"it takes ({wanted}), and gets ({shown})")
            return
        bound = Bindings(one.free)
        for param, arg in zip(params, args, strict=False):
            if isinstance(arg, core.Expr):
                bound.unify(param, self.boxed(arg.type))
                if not self.fits(arg.type, bound.closed(param)):
                    self.misfit(arg, bound.closed(param), f"{title}", arg.at)
                    return
        self.report.error(at, f"{method} does not take ({shown})", "look at what it takes")
