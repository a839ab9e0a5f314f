"""Functional interfaces: the one method that a lambda is to be."""

from core.workloads.code.frontends.java import types
from core.workloads.code.frontends.java.inheritance import abstract_methods
from core.workloads.code.frontends.java.relations import arguments, as_class, substitute
from core.workloads.code.frontends.java.types import ClassType, Method, Type, Wildcard


def descriptor(one: Type) -> tuple[Method, list[Type], Type] | None:
    """Give the method with its parameters and result as the type has them; None for what is no functional interface."""
    if not isinstance(one, ClassType) or not one.of.is_interface:
        return None
    methods = abstract_methods(one.of)
    if len(methods) != 1:
        return None
    method = methods[0]
    bare = ClassType(one.of, tuple(arg.bound if isinstance(arg, Wildcard) else arg for arg in one.args))
    owner = as_class(bare, method.owner)
    given = arguments(owner) if owner is not None else {}
    params = [substitute(param, given) for param in method.params]
    returns = substitute(method.returns, given) if method.returns != types.VOID else types.VOID
    return method, params, returns
