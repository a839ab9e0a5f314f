"""Whether the body of a lambda gives a value, seen before its types are known."""

from core.workloads.code.frontends.java import phrases, syntax


def gives_value(node: phrases.Statement) -> bool | None:
    """Say whether a body returns values or nothing; None where it never returns, as it throws or goes on for ever."""
    found = _returns(node)
    if found:
        return any(one.value is not None for one in found)
    last = node.body[-1] if isinstance(node, phrases.Block) and node.body else None
    endless = isinstance(last, phrases.While) and isinstance(last.test, syntax.Literal) and last.test.value is True
    return None if isinstance(last, phrases.Throw) or endless else False


def _returns(node: phrases.Statement | None) -> list[phrases.Return]:
    match node:
        case phrases.Return():
            return [node]
        case phrases.Block(body=body):
            inner: list[phrases.Statement | None] = [*body]
        case phrases.If(then=then, otherwise=otherwise):
            inner = [then, otherwise]
        case phrases.While(body=one) | phrases.DoWhile(body=one) | phrases.For(body=one) | phrases.ForEach(body=one):
            inner = [one]
        case phrases.Labeled(body=one):
            inner = [one]
        case phrases.Try(body=one, catches=catches, last=last):
            inner = [one, last, *(catch.body for catch in catches)]
        case phrases.Switch(cases=cases):
            inner = [statement for case in cases for statement in case.body]
        case _:
            inner = []
    return [found for one in inner for found in _returns(one)]
