"""The demo's program: C, compiled to the cards of an Analytical Engine and run there."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import click

PROGRAM_PART = "run a C program on the Engine"
PROGRAM_PARAMS: Mapping[str, Any] = {
    "language": "c",
    "source": """\
#include <stdio.h>

int steps(long n) {
    int count = 0;
    while (n != 1) { n = n % 2 ? 3 * n + 1 : n / 2; count++; }
    return count;
}

int main(void) {
    int best = 1;
    for (int n = 2; n < 100; n++) if (steps(n) > steps(best)) best = n;
    printf("Below 100, %d takes longest: %d steps\\n", best, steps(best));
    return 0;
}
""",
}


def print_program(result: Mapping[str, Any]) -> None:
    """Print what the program said, and what it would have cost the Engine."""
    click.echo(f"{click.style('Program', bold=True)} - {result['verdict']}, exit code {result['exit_code']}")
    for line in result["stdout"].splitlines():
        click.echo(f"  {line}")
    took = timedelta(seconds=result["engine_seconds"])
    click.echo(f"{result['cards_executed']:,} cards in {result['cpu_ms']:.0f} ms; Babbage's Engine would take {took}.")
