"""What classes owe those above them: methods that must be there, and what an overriding method may change."""

from core.workloads.code.frontends.java import types
from core.workloads.code.frontends.java.declaring import all_methods
from core.workloads.code.frontends.java.diagnosing import Report
from core.workloads.code.frontends.java.relations import (
    arguments,
    as_class,
    erased,
    inherits,
    is_reference,
    is_subtype,
    same_parameters,
    substitute,
)
from core.workloads.code.frontends.java.types import ClassInfo, ClassType, Method
from core.workloads.code.ir.instructions import Position

_OBJECTS = ("equals", "hashCode", "toString")


def check(info: ClassInfo, report: Report) -> None:
    """Look at a class and those within it."""
    assert info.declaration is not None
    for named in info.methods.values():
        for method in named:
            _check_body(method, report)
            _check_overriding(method, report)
    if not info.abstract:
        _check_complete(info, report, info.declaration.at)
    if info.declaration.functional and (not info.is_interface or len(abstract_methods(info)) != 1):
        hint = "leave @FunctionalInterface away, or have one abstract method"
        report.error(info.declaration.at, f"{info.name} is no functional interface", hint)
    for inner in info.classes.values():
        check(inner, report)


def abstract_methods(info: ClassInfo) -> list[Method]:
    """List the methods that an object of the class would lack."""
    found: list[Method] = []
    for method in all_methods(info):
        if method.abstract and not (info.is_interface and method.name in _OBJECTS):
            given = implementation(info, method)
            if given.abstract and not any(
                same_parameters(method, one, info.type) for one in found if one.name == method.name
            ):
                found.append(method)
    return found


def implementation(info: ClassInfo, method: Method) -> Method:
    """Find which method a call of `method` reaches in objects of a class; itself where there is none other."""
    candidates = [
        one
        for one in all_methods(info)
        if one.name == method.name and not one.static and (one is method or same_parameters(one, method, info.type))
    ]
    in_classes = [one for one in candidates if not one.owner.is_interface]
    if in_classes and not in_classes[0].abstract:
        return in_classes[0]
    ready = [one for one in candidates if not one.abstract and one.owner.is_interface]
    lowest = [one for one in ready if not any(other is not one and inherits(other.owner, one.owner) for other in ready)]
    return lowest[0] if lowest else (in_classes or candidates or [method])[0]


def _check_body(method: Method, report: Report) -> None:
    one = method.declaration
    if one is None or method.owner.library:
        return
    if one.body is None and not method.abstract:
        if "native" in method.modifiers:
            report.error(one.at, "native methods are not supported", "write the body in Java")
        else:
            report.error(one.at, f"the method {method} has no body", "write { ... }, or declare it abstract")
    elif one.body is not None and method.abstract:
        report.error(one.at, f"the abstract method {method} has a body", "leave the body or the word abstract away")
    elif one.body is not None and method.owner.is_interface and not method.modifiers & {"default", "static", "private"}:
        report.error(one.at, f"the method {method} of an interface has a body", "write default in front")
    elif method.abstract and not method.owner.abstract:
        hint = f"declare {method.owner.name} abstract, or give the method a body"
        report.error(one.at, f"{method.owner.name} is not abstract, but its method {method} is", hint)


def _check_overriding(method: Method, report: Report) -> None:
    one = method.declaration
    if one is None or method.static:
        return
    overridden = [
        other
        for other in all_methods(method.owner)
        if other.owner is not method.owner
        and other.name == method.name
        and "private" not in other.modifiers
        and same_parameters(method, other, method.owner.type)
    ]
    if one.overrides and not overridden and not _redeclares_object(method):
        hint = "look at the name and the types of the parameters, or leave @Override away"
        report.error(one.at, f"{method} overrides nothing", hint)
    for other in overridden:
        if problem := _unfit(method, other):
            report.error(one.at, *problem)
            return


def _redeclares_object(method: Method) -> bool:
    return method.owner.is_interface and method.name in _OBJECTS


def _unfit(method: Method, other: Method) -> tuple[str, str] | None:
    """Say why a method may not override another, and what to do."""
    whose = f"{other} of {other.owner.name}"
    if "final" in other.modifiers:
        return f"{method} cannot override {whose}, which is final", "give it another name"
    if other.static:
        return f"{method} cannot override {whose}, which is static", "make both static, or neither"
    if "public" in other.modifiers and "public" not in method.modifiers:
        return f"{method} must be public, as {whose} is", "write public in front"
    owner = as_class(method.owner.type, other.owner)
    assert owner is not None
    given = {**arguments(owner), **dict(zip(other.type_params, method.type_params, strict=False))}
    wanted = substitute(other.returns, given)
    returns = method.returns
    fits = (
        is_subtype(returns, wanted) or is_subtype(returns, erased(wanted))
        if is_reference(returns)
        else returns == wanted
    )
    if not fits:
        return f"{method} returns {returns}, but {whose} returns {wanted}", f"have it return {wanted}"
    for thrown in method.throws:
        if _is_checked(thrown) and not any(is_subtype(thrown, one) for one in other.throws):
            return f"{method} throws {thrown}, but {whose} does not", f"catch it, or declare it in {other.owner.name}"
    return None


def _is_checked(thrown: types.Type) -> bool:
    names = {above.of.name for above in _chain(thrown)}
    return "Throwable" in names and not names & {"RuntimeException", "Error"}


def _chain(one: types.Type) -> list[ClassType]:
    found = []
    while isinstance(one, ClassType):
        found.append(one)
        one = one.of.superclass or types.NULL
    return found


def _check_complete(info: ClassInfo, report: Report, at: Position) -> None:
    for missing in abstract_methods(info):
        if missing.owner is info:
            continue
        whose = f"the method {missing} of {missing.owner.name}"
        name = info.name or "this class"
        report.error(at, f"{name} does not have {whose}", f"write the method, or declare {name} abstract")
        return
