"""This file is about the tables of the Engine's manual, written from the code itself."""

from collections.abc import Iterable, Sequence

from core.workloads.code.engine.cards import Mode
from core.workloads.code.engine.table import GROUPS
from core.workloads.code.engine.timing import RATES
from core.workloads.code.engine.traps import Trap

_MODES = {
    Mode.NONE: ("", "no operand"),
    Mode.REGISTER: ("`A`", "a register, 0 to 3 for A to D"),
    Mode.SMALL: ("`#5`", "the number itself, six digits at most; of a jump, the number of a card (`JMP loop`)"),
    Mode.NUMBER: ("`#1000000`", "the number itself, on a number card that hangs at the card"),
    Mode.STORE: ("`V20`, `total`", "a column"),
    Mode.FRAME: ("`3[F]`", "the column 3 beyond the frame index"),
    Mode.AT_A: ("`3[A]`, `[A]`", "the column 3 beyond what A holds"),
    Mode.AT_B: ("`table[B]`", "the same with B"),
    Mode.AT_C: ("`3[C]`", "the same with C"),
    Mode.AT_D: ("`3[D]`", "the same with D"),
}


def tables() -> dict[str, str]:
    """Return every table of the manual by its name, as Markdown."""
    return {
        "instructions": instructions(),
        "modes": _table(("mode", "written", "means"), ((f"{mode:d}", *_MODES[mode]) for mode in Mode)),
        "times": _table(("card", "seconds", "because"), ((rate.name, str(rate.seconds), rate.basis) for rate in RATES)),
        "traps": _table(("trap", "means"), ((f"`{trap.value}`", _TRAPS[trap]) for trap in Trap)),
    }


def instructions() -> str:
    """Write the instruction table, group by group; ‡ marks an anachronism."""
    parts = []
    for name, group in GROUPS.items():
        rows = (
            (
                f"{one.code:03d}",
                f"`{one.name}{' ' if one.form else ''}{', '.join(one.form.split())}`{' ‡' if one.anachronism else ''}",
                one.meaning.replace("|", "\\|"),
                str(one.seconds),
                ", ".join(one.traps),
            )
            for one in group
        )
        parts.append(f"### {name[0].upper()}{name[1:]}\n\n" + _table(("code", "card", "does", "s", "traps"), rows))
    return "\n\n".join(parts)


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


_TRAPS = {
    Trap.OVERFLOW: "a result does not fit the word, or the bits that were asked for",
    Trap.DIV_ZERO: "a division by zero",
    Trap.STORE_BOUNDS: "a column outside the Store",
    Trap.STACK: "the stack met the floor, or would leave the Store",
    Trap.HEAP: "the heap is exhausted",
    Trap.BAD_CARD: "a card that cannot be read, or that the Mill cannot obey",
    Trap.BAD_JUMP: "a jump, call or return to a card that is not there",
    Trap.CHAIN_END: "the chain of cards ran out",
    Trap.INPUT_EXHAUSTED: "nothing is left to read",
    Trap.BAD_INPUT: "what is to be read is no number",
    Trap.BAD_CHARACTER: "a number that stands for no character, or for no byte",
    Trap.BAD_FLOAT: "a word that is no floating-point image, or one without a whole number",
    Trap.RAISED: "the program stopped itself by a TRP card",
    Trap.STEP_LIMIT: "as many cards as allowed were executed",
    Trap.TIME_LIMIT: "the emulation took as long as allowed",
    Trap.OUTPUT_LIMIT: "as much as allowed was printed",
}
