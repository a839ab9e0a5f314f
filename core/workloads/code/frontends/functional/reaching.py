"""What of a program can be reached from where it begins."""

from core.workloads.code.frontends.functional.occurrences import mentioned
from core.workloads.code.frontends.functional.terms import Definitions


def keep_reachable(definitions: Definitions, root: str = "main") -> None:
    """Drop all definitions that nothing leads to."""
    reached: dict[str, None] = {}
    waiting = [root]
    while waiting:
        name = waiting.pop()
        if name in reached or name not in definitions.terms:
            continue
        reached[name] = None
        waiting += mentioned(definitions.terms[name])
    definitions.terms = {name: term for name, term in definitions.terms.items() if name in reached}
