"""A whole program as IR: all methods that are reached from main."""

from core.workloads.code.frontends.java.lowering.choosing import request, write_chooser, write_tester
from core.workloads.code.frontends.java.lowering.methods import lower_method, lower_starts
from core.workloads.code.frontends.java.lowering.places import begun
from core.workloads.code.frontends.java.lowering.program import Program
from core.workloads.code.frontends.java.lowering.writer import Writer
from core.workloads.code.frontends.java.types import Method
from core.workloads.code.frontends.java.world import World
from core.workloads.code.frontends.words.lowering import ROOTS
from core.workloads.code.frontends.words.values import MOST_INLINE, inline_string
from core.workloads.code.ir.module import Module
from core.workloads.code.ir.types import WORD

_PUT_NAME, _UNCAUGHT = "lib.program_put_name", "lib.program_uncaught"


def lower(main: Method, world: World) -> Module:
    """Make the module."""
    program = Program(Module(), world, main.owner)
    program.number(world.named("String").of)
    code = program.code_name(main)
    (report,) = world.named("$Faults").of.methods["report"]
    reporting = program.code_name(report)
    starts = program.starts(main.owner)
    written = 0
    while program.waiting or written < len(program.starting):
        while program.waiting:
            lower_method(program, program.waiting.pop())
        for number, info in list(enumerate(program.starting))[written:]:
            written += 1
            program.module.place(begun(number), 1)
            lower_starts(program, info, f"begin.{number}", begun(number))
        request(program)
    _write_choosers(program)
    for one, name in program.tested.items():
        write_tester(program, one, name)
    _write_names(program)
    _write_uncaught(program, reporting)
    _write_main(program, code, "begin.0" if starts else "")
    program.module.place(ROOTS, program.roots)
    return program.module


def _write_choosers(program: Program) -> None:
    """Write what chooses among methods, and call directly where there is only one."""
    only = {name: found for method, name in program.called.items() if (found := write_chooser(program, method, name))}
    for function in program.module.functions.values():
        for block in function.blocks.values():
            for one in block.instructions:
                if one.symbol in only:
                    one.symbol = only[one.symbol]


def _write_main(program: Program, main: str, begin: str) -> None:
    build = Writer(program.module, "main", [], WORD)
    build.routine("start", program.roots)
    if begin:
        build.call(begin, [], WORD)
    build.call(main, [build.routine("new_array", 0, 1)], WORD)
    build.give_back(0)


def _write_names(program: Program) -> None:
    """Write what gathers the name of a class, and the place that a site stands for."""
    build = Writer(program.module, _PUT_NAME, [("number", WORD)], WORD)
    shown = {program.number(one): one.full_name for one in program.made}
    _write_texts(build, shown)
    sites = Writer(program.module, "lib.program_put_site", [("number", WORD)], WORD)
    texts = {}
    for number, (name, line) in enumerate(program.sites, 1):
        texts[number] = f"{name}({'Main.java' if line else 'library'}{f':{line}' if line else ''})"
    _write_texts(sites, texts)


def _write_texts(build: Writer, texts: dict[int, str]) -> None:
    end = build.label("none")
    labels = {number: build.label("text") for number in texts}
    if labels:
        build.switch(build.param(0), labels, end)
    for number, label in labels.items():
        build.block(label)
        text = texts[number]
        for start in range(0, len(text), MOST_INLINE):
            build.routine("put_text", inline_string(text[start : start + MOST_INLINE]))
        build.give_back(0)
    build.block(end)
    build.give_back(0)


def _write_uncaught(program: Program, reporting: str) -> None:
    build = Writer(program.module, _UNCAUGHT, [("raised", WORD)], WORD)
    build.call(reporting, [build.param(0)], WORD)
    build.trap("raised")
