"""`penstock bench`: measurements against peers, in an environment of their own."""

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import click

from webapp.cli import _peers
from webapp.cli._checkout import CHECKOUT, own_environ, passes_on

ALL = "all"
QUICK = "--quick"


@click.command(context_settings={**passes_on, "allow_interspersed_args": False})
@click.argument("name", required=False)
@click.argument("arguments", metavar="[ARGUMENTS]...", nargs=-1, type=click.UNPROCESSED)
def command(name: str | None, arguments: Sequence[str]) -> None:
    """Run the benchmark NAME with its own arguments (`penstock bench NAME --help`), or list what there is.

    `penstock bench all` runs each in turn and prints one page, with what missed a target at its end; `--quick` is given
    to those that know it. The peers that some compare with are installed into a cache folder at the first call; those
    of a benchmark that has a lock file of its own into one of their own. The exit code is the benchmark's.
    """
    names = sorted(path.stem.removeprefix("bench_") for path in _peers.FOLDER.glob("bench_*.py"))
    if name is None:
        click.echo("\n".join(names))
        return
    try:
        if name == ALL:
            raise click.exceptions.Exit(_run_all(names, arguments))
        if name not in names:
            raise click.UsageError(f"There is no benchmark {name!r}; there are: {', '.join(names) or 'none'}.")
        raise click.exceptions.Exit(_run(name, arguments))
    except KeyboardInterrupt:
        raise click.exceptions.Exit(130) from None


def _run_all(names: Sequence[str], arguments: Sequence[str]) -> int:
    """Print one page of all benchmarks; one that fails does not keep the others from being run."""
    if unknown := [argument for argument in arguments if argument != QUICK]:
        raise click.UsageError(f"`penstock bench all` takes {QUICK} alone, not {unknown[0]!r}.")
    missed = []
    for name in names:
        click.echo(f"\n## {name}\n")
        if _run(name, [word for word in arguments if word in _program(name).read_text()]):
            missed.append(name)
    click.echo(f"\nWith a figure that misses its target, or not measured: {', '.join(missed) or 'none'}.")
    return int(bool(missed))


def _run(name: str, arguments: Sequence[str]) -> int:
    environ = own_environ()
    program = _program(name)
    lock = _peers.lock_of(name)
    if lock is not None and _needs_peers(program, arguments):
        environ.setdefault(_peers.VARIABLE, str(_peers.interpreter(lock)))
    argv = (sys.executable, str(program), *arguments)
    return subprocess.run(argv, cwd=CHECKOUT, env=environ, check=False).returncode  # noqa: S603 - the caller's own arguments


def _program(name: str) -> Path:
    return _peers.FOLDER / f"bench_{name}.py"


def _needs_peers(program: Path, arguments: Sequence[str]) -> bool:
    """Tell whether a benchmark looks for the peers at once, and is not just told where they are.

    One that asks for them when it comes to them (`_peers.interpreter`) may get by without.
    """
    told = {"-h", "--help", "--peers"} & {argument.partition("=")[0] for argument in arguments}
    return _peers.VARIABLE in program.read_text() and not told
