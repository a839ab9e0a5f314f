"""Whether a statement can come to its end, as the language has it: by the shape of the program, not by its values."""

from core.workloads.code.frontends.java import acts, core
from core.workloads.code.frontends.java.core_walking import walk


def is_true(test: core.Expr | None) -> bool:
    """Whether a condition is the constant true, or none."""
    return test is None or (isinstance(test, core.Const) and test.value is True)


def left(node: acts.Statement) -> bool:
    """Whether a `break` leaves a statement."""
    return any(isinstance(one, acts.Jump) and one.target is node and not one.goes_on for one in walk(node))


def completes(node: acts.Statement) -> bool:  # noqa: PLR0911 - a case for each statement
    """Whether what stands behind a statement can be reached."""
    match node:
        case acts.Block(body=body):
            return all(map(completes, body))
        case acts.If(then=then, otherwise=otherwise):
            return completes(then) or otherwise is None or completes(otherwise)
        case acts.Loop(test=test, body_first=True):
            return left(node) or (not is_true(test) and (completes(node.body) or _goes_on(node)))
        case acts.Loop(test=test):
            return not is_true(test) or left(node)
        case acts.Labeled(body=body):
            return completes(body) or left(node)
        case acts.Try(body=body, catches=catches, last=last):
            if last is not None and not completes(last):
                return False
            return completes(body) or any(completes(one.body) for one in catches)
        case acts.Switch(cases=cases):
            ends = [all(map(completes, case.body)) for case in (cases if node.arrow else cases[-1:])]
            return not node.complete or not cases or any(ends) or left(node)
    return not isinstance(node, acts.Jump | acts.Return | acts.Throw | acts.Give)


def _goes_on(node: acts.Statement) -> bool:
    return any(isinstance(one, acts.Jump) and one.target is node and one.goes_on for one in walk(node))
