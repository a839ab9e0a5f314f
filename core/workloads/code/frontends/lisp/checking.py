"""What is certain to go wrong as the program runs: calls with a wrong number of arguments, and names used too early."""

from collections.abc import Sequence

from core.workloads.code.frontends.lisp import advising
from core.workloads.code.frontends.lisp.diagnosing import Report
from core.workloads.code.frontends.lisp.nodes import Call, Global, Lambda, Node, Read, Variable
from core.workloads.code.frontends.lisp.surveying import parts


def check(nodes: Sequence[Node], report: Report) -> None:
    """Look through the program."""
    for one in nodes:
        _check(one, report)


def _check(node: Node, report: Report) -> None:
    match node:
        case Call(procedure=Lambda() as called):
            _check_count(node, called, report)
            _check(called.body, report)
        case Call(procedure=Read(variable=Variable(value=Lambda() as called, is_assigned=False))):
            _check_count(node, called, report)
        case Call(procedure=Read(variable=Global() as variable)) if variable.procedure is not None:
            _check_count(node, variable.procedure, report)
        case Lambda(body=body):
            _check(body, report)
    for one, _ in parts(node):
        _check(one, report)


def _check_count(node: Call, called: Lambda, report: Report) -> None:
    least, count = len(called.params), len(node.args)
    if count == least or (called.rest is not None and count > least) or not node.at.line:
        return
    takes = f"at least {least}" if called.rest is not None else str(least)
    noun = "argument" if least == 1 else "arguments"
    report.error(
        node.at,
        f"{called.name} takes {takes} {noun}, and gets {count}",
        advising.of_count(called.name, count, least),
    )
