"""`penstock release`: what is handed out, each file the same bytes whoever makes it from the same sources."""

import json
import os
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import click

from webapp.cli._bill import bill_of_materials, licence_list, read_lock
from webapp.cli._checkout import CHECKOUT, own_environ, require

MADE_AT = "1767225600"
"""What archives say of when their files were made, unless SOURCE_DATE_EPOCH says otherwise."""


@click.command()
@click.option(
    "--output",
    "-o",
    type=click.Path(path_type=Path, file_okay=False),
    default=CHECKOUT / "dist",
    show_default="dist",
    help="Where the files are written.",
)
def command(output: Path) -> None:
    """Build wheel, source archive, bill of materials and list of licences from this checkout.

    The bill is CycloneDX: every locked dependency with its licence, its files' hashes and what it needs in turn.
    Nothing in any of them depends on when or where it was made.
    """
    require("hatchling", "release")
    where = output.absolute()
    where.mkdir(parents=True, exist_ok=True)
    _build(where)
    lock = read_lock((CHECKOUT / "requirements.lock").read_text())
    name = f"penstock-{version('penstock')}"
    (where / f"{name}.cdx.json").write_text(json.dumps(bill_of_materials(lock), indent=1, sort_keys=True) + "\n")
    (where / f"{name}-licences.txt").write_text(licence_list(lock))
    for path in sorted(where.glob(f"{name}*")):
        click.echo(f"{path.stat().st_size:>10}  {path}")


def _build(where: Path) -> None:
    environ = own_environ(SOURCE_DATE_EPOCH=os.environ.get("SOURCE_DATE_EPOCH", MADE_AT))
    argv = [sys.executable, "-m", "hatchling", "build", "--directory", str(where)]
    ended = subprocess.run(argv, cwd=CHECKOUT, env=environ, capture_output=True, text=True, check=False)  # noqa: S603 - our own
    if ended.returncode:
        raise click.ClickException(ended.stderr.strip() or ended.stdout.strip())
