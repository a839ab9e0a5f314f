"""C as a front end: programs, phases on request, symbols, and refusals behind the front end's own phases."""

import json

from core.workloads.code.engine import machine
from core.workloads.code.engine.interpretation import Interpreter
from core.workloads.code.frontends.base import Phase, Severity
from core.workloads.code.frontends.c.front_end import FRONT_END

SOURCE = """#include <stdio.h>
#define TWICE(x) (2 * (x))
int add(int a, int b) { return a + b; }
int main(void) {
    char name[8];
    scanf("%7s", name);
    printf("%s %d\\n", name, add(TWICE(20), 2));
    return 3;
}
"""


def test_a_program_runs_on_the_engine() -> None:
    translation = FRONT_END.translate(SOURCE)
    assert translation.program is not None
    engine = machine.start(translation.program, stdin=b"Ada\n")
    assert Interpreter(engine).run(100_000) is None
    assert (bytes(engine.printer.rolls[0]), engine.exit_value) == (b"Ada 42\n", 3)


def test_each_phase_is_shown_as_json_when_asked_for() -> None:
    shown = FRONT_END.translate(SOURCE, ("tokens", "ast", "ir")).shown
    assert {"kind": "name", "text": "add", "line": 3, "column": 5} in shown["tokens"]
    assert [one["node"] for one in shown["ast"]] == ["FunctionDefinition", "FunctionDefinition"]
    assert "function c.main() -> i32" in shown["ir"]
    assert "lib.printf" not in shown["ir"]
    assert json.loads(json.dumps(shown)) == shown
    assert FRONT_END.translate(SOURCE).shown == {}


def test_the_same_source_gives_the_same_translation() -> None:
    first, second = (FRONT_END.translate(SOURCE, ("tokens", "ast", "ir")) for _ in range(2))
    assert (first.program, first.shown, first.symbols) == (second.program, second.shown, second.symbols)


def test_a_check_finds_symbols_errors_and_warnings() -> None:
    checked = FRONT_END.check("int main(void) { int unused = 1; return count; }")
    assert checked.program is None
    assert checked.failed
    assert [(one.severity, one.phase, one.column) for one in checked.diagnostics] == [
        (Severity.WARNING, Phase.SEMANTIC, 22),
        (Severity.ERROR, Phase.SEMANTIC, 41),
    ]
    assert {"name": "unused", "kind": "variable", "type": "int", "line": 1, "column": 22} in checked.symbols


def test_what_the_preprocessor_refuses_counts_as_lexical() -> None:
    assert FRONT_END.check("#include <windows.h>\n").diagnostics[0].phase is Phase.LEX


def test_variables_that_do_not_fit_the_store_are_refused() -> None:
    # 1,984 words are free, and one array may take them all but for what the stack needs.
    fits = FRONT_END.translate("long a[1900]; int main(void) { a[1] = 2; return (int)a[1]; }")
    assert not fits.failed
    refused = FRONT_END.translate("long a[1000], b[1000]; int main(void) { a[1] = b[1] = 2; return (int)a[1]; }")
    assert [one.phase for one in refused.diagnostics] == [Phase.CODEGEN]
    assert "2016 words" in refused.diagnostics[0].message


def test_a_chain_of_too_many_cards_is_refused() -> None:
    statements = "x = x * 3 % 1000; x ^= y; y += x & 7;\n"
    source = '#include <stdio.h>\nint main(void) {{ int x, y; scanf("%d%d", &x, &y);\n{} return x; }}\n'
    assert not FRONT_END.translate(source.format(statements * 50)).failed
    refused = FRONT_END.translate(source.format(statements * 1500))
    assert [one.phase for one in refused.diagnostics if one.severity is Severity.ERROR] == [Phase.CODEGEN]
    assert "20,000 can be hung" in refused.diagnostics[-1].message


def test_a_trap_names_the_line_of_the_source() -> None:
    loop = "  for (int i = 0; i < 2; i++)\n    n = n + i;\n"
    source = f"#include <limits.h>\nint main(void) {{\n  int n = INT_MAX;\n{loop}  return n;\n}}\n"
    translation = FRONT_END.translate(source)
    assert translation.program is not None
    trap = Interpreter(machine.start(translation.program)).run(10_000)
    assert trap is not None
    assert (trap.trap.value, trap.line, trap.column) == ("overflow", 5, 11)
    assert "signed overflow" in trap.message
