"""Going through statements, and what they hold."""

from collections.abc import Iterator, Sequence

from core.workloads.code.frontends.java import acts


def inner(node: acts.Statement) -> Sequence[acts.Statement]:  # noqa: PLR0911 - a case for each
    """List the statements right within one."""
    match node:
        case acts.Block(body=body):
            return body
        case acts.If(then=then, otherwise=otherwise):
            return [then] if otherwise is None else [then, otherwise]
        case acts.Loop(body=one, update=update):
            return [one, *update]
        case acts.Labeled(body=one):
            return [one]
        case acts.Try(body=one, catches=catches, last=last):
            return [one, *(catch.body for catch in catches), *([last] if last is not None else [])]
        case acts.Switch(cases=cases):
            return [statement for case in cases for statement in case.body]
    return ()


def walk(node: acts.Statement) -> Iterator[acts.Statement]:
    """Give a statement and all within it."""
    yield node
    for one in inner(node):
        yield from walk(one)
