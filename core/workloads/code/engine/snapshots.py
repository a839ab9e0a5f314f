"""This file is about remembering the Engine's state, to go back to it."""

from dataclasses import replace

from core.workloads.code.engine.machine import Machine
from core.workloads.code.engine.printing import Printer
from core.workloads.code.engine.reading import Reader


def copy(machine: Machine) -> Machine:
    """Return an Engine in the same state that goes on by itself; what it printed before is not kept."""
    printer = Printer(machine.printer.limit, selected=machine.printer.selected)
    printer.left = machine.printer.left
    return replace(
        machine,
        printer=printer,
        reader=Reader(machine.reader.content, machine.reader.at),
        registers=list(machine.registers),
        mill=replace(machine.mill),
        store=list(machine.store),
    )
