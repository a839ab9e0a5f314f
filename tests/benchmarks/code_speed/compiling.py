"""How long compiling takes, and `code.run` as its job computes it: compile, run, and tell."""

import time
from collections.abc import Iterator
from uuid import UUID

from job_costs.figures import Figure, Target, absolute

from core.jobs.context import JobContext, MemoryRecorder
from core.workloads.code import kinds, running
from core.workloads.code.frontends.c.front_end import FRONT_END
from core.workloads.code.frontends.translation import translate

FUNCTIONS = 26
_HEAD = "#include <stdio.h>\n#include <string.h>\nstruct account {\n    char name[16];\n    int cents;\n};\n"
_FUNCTION = """static int work{0}(struct account *accounts, int count) {{
    int total = {0};
    for (int i = 0; i < count; i++) {{
        struct account *one = &accounts[i];
        if (strlen(one->name) % 2 == 0) {{
            one->cents += {0} * (i + 1);
        }} else if (one->cents > 100) {{
            one->cents -= 50;
        }}
        switch (one->cents % 3) {{
        case 0:
            total += one->cents;
            break;
        default:
            total ^= i << 2;
        }}
    }}
    return total;
}}
"""
SHORT = """#include <stdio.h>

static int is_prime(int n) {
    if (n < 2)
        return 0;
    for (int d = 2; d * d <= n; d++)
        if (n % d == 0)
            return 0;
    return 1;
}

static int sum_of_digits(int n) {
    int sum = 0;
    while (n > 0) {
        sum += n % 10;
        n /= 10;
    }
    return sum;
}

int main(void) {
    int count = 0;
    for (int n = 0; n < 200; n++)
        if (is_prime(n) && is_prime(sum_of_digits(n))) {
            printf("%d ", n);
            count++;
        }
    printf("\\n%d\\n", count);
    return 0;
}
"""
WITHIN_MS = 400.0
RUN_WITHIN_MS = 60.0
_CONTEXT = JobContext(UUID(int=1), 1, 1, MemoryRecorder())


def figures(rounds: int) -> Iterator[Figure]:
    """Measure; times are milliseconds of this process's processor time, and by the clock where it says so."""
    source = long_source()
    lines = source.count("\n")
    target = Target(at_most=WITHIN_MS, unit="ms")
    yield absolute(f"compiling {lines} lines of C, the first in a process", target, _compiled_ms(source))
    again = sorted(_compiled_ms(source) for _ in range(rounds))
    yield absolute(f"compiling {lines} lines of C, a later one", target, again[rounds // 2])
    run = Target(at_most=RUN_WITHIN_MS, unit="ms")
    _run()
    ran = sorted(_run() for _ in range(20 * rounds))
    yield absolute(f"code.run of {SHORT.count(chr(10))} lines of C, p50 by the clock", run, ran[len(ran) // 2])


def long_source() -> str:
    """Write a program of some five hundred lines."""
    functions = "".join(_FUNCTION.format(number) for number in range(FUNCTIONS))
    calls = "".join(f"    total += work{number}(accounts, 3);\n" for number in range(FUNCTIONS))
    begin = 'int main(void) {\n    struct account accounts[3] = {{"ada", 120}, {"charles", 90}, {"mary", 300}};\n'
    end = '    printf("%d\\n", total);\n    return 0;\n}\n'
    return f"{_HEAD}{functions}{begin}    int total = 0;\n{calls}{end}"


def _compiled_ms(source: str) -> float:
    began = time.process_time()
    made = translate(FRONT_END, source)
    assert made.program is not None, made.diagnostics
    return (time.process_time() - began) * 1e3


def _run() -> float:
    params = kinds.RUN.params().load({"language": "c", "source": SHORT})
    began = time.perf_counter()
    result = running.compute(params, _CONTEXT)
    assert result["verdict"] == "ok", result
    return (time.perf_counter() - began) * 1e3
