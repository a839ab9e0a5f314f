"""`penstock check`: what can be known of the code without running it, in one table."""

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import click

from webapp.cli._checkout import CHECKOUT, cache_folder, own_environ, require, script


@dataclass(frozen=True, slots=True)
class Check:
    """One tool and how it is called."""

    name: str
    argv: Sequence[str]


@dataclass(frozen=True, slots=True)
class Finding:
    """What one tool said."""

    check: Check
    passed: bool
    took_s: float
    said: str


@click.command()
def command() -> None:
    """Check style, format, types, import contracts and architecture; exit code 1 when anything is found."""
    require("ruff", "check")
    checks = _checks()
    with ThreadPoolExecutor(max_workers=min(len(checks), os.cpu_count() or 1)) as pool:
        findings = []
        for finding in pool.map(_run, checks):
            findings.append(finding)
            _print(finding)
    wrong = [finding for finding in findings if not finding.passed]
    for finding in wrong:
        click.echo(f"\n{click.style(finding.check.name, bold=True)}\n{finding.said.strip()}")
    click.echo(f"\n{len(findings) - len(wrong)} of {len(findings)} checks passed.")
    if wrong:
        raise click.exceptions.Exit(1)


def _checks() -> list[Check]:
    ruff = script("ruff")
    return [
        Check("types", (script("mypy"), *_cached("--cache-dir", ".mypy_cache"))),
        Check("style", (ruff, "check", *_cached("--cache-dir", ".ruff_cache"))),
        Check("format", (ruff, "format", "--check", *_cached("--cache-dir", ".ruff_cache"))),
        Check("imports", (script("lint-imports"), *_cached("--cache-dir", ".import_linter_cache"))),
        Check("architecture", (sys.executable, "-m", "pytest", "tests/architecture")),
        Check("security", (script("bandit"), "-q", "-ll", "-c", "pyproject.toml", "-r", "core", "tasks", "webapp")),
        Check("advisories", (sys.executable, "-m", "webapp.cli._advisories", "requirements.lock")),
    ]


def _cached(option: str, name: str) -> tuple[str, ...]:
    """Keep caches elsewhere where the checkout belongs to somebody else."""
    return () if os.access(CHECKOUT, os.W_OK) else (option, str(cache_folder() / name))


def _run(check: Check) -> Finding:
    began = time.monotonic()
    ended = subprocess.run(  # noqa: S603 - the tools above
        check.argv,
        cwd=CHECKOUT,
        env=own_environ(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return Finding(check, ended.returncode == 0, time.monotonic() - began, ended.stdout)


def _print(finding: Finding) -> None:
    verdict = click.style("ok ", fg="green") if finding.passed else click.style("BAD", fg="red")
    lines = finding.said.strip().splitlines()
    click.echo(f"{verdict}  {finding.check.name:<13} {finding.took_s:6.1f} s  {lines[-1] if lines else ''}")
