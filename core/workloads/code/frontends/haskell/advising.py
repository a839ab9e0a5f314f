"""What is told besides an error: which word was meant, and how two types are brought together."""

from core.workloads.code.frontends.haskell.types import CHAR, DOUBLE, INT, INTEGER, STRING, Type, pruned, spine

CHARACTER = "single quotes hold one character; a text has double quotes"
FOREIGN = {
    "null?": "write null",
    "len": "write length",
    "print_": "write print",
    "printf": "texts are put together by ++ and show",
    "!=": "write /=",
    "True_": "write True",
    "%": "write `mod`",
    "**": "write ^ for whole numbers",
    "true": "write True",
    "false": "write False",
    "nil": "write []",
    "null_": "write []",
    "elif": "write else if",
}


def advice(expected: Type, found: Type) -> str:
    """Say what may bring two types together."""
    wanted, given = pruned(expected), pruned(found)
    head, args = spine(given)
    if getattr(head, "name", "") == "->":
        return "is an argument missing?"
    if wanted == STRING or (spine(wanted)[0] == spine(STRING)[0] and pruned(spine(wanted)[1][0]) == CHAR):
        return "show makes a text of a value"
    if wanted in (INT, DOUBLE) and given in (INT, INTEGER):
        return "fromIntegral converts whole numbers"
    if getattr(spine(wanted)[0], "name", "") == "IO":
        return "an action is needed here: return makes one of a value"
    if getattr(head, "name", "") == "IO":
        return "take the value out of an action by <- in a do"
    del args
    return ""
