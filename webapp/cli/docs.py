"""`penstock docs`: the documentation as a site."""

import tempfile
from pathlib import Path

import click

from webapp.cli._checkout import CHECKOUT, require


@click.command()
@click.option(
    "--output",
    "-o",
    type=click.Path(path_type=Path, file_okay=False),
    default=CHECKOUT / "build" / "docs",
    show_default="build/docs",
    help="Where the pages are written.",
)
@click.pass_context
def command(context: click.Context, output: Path) -> None:
    """Build the documentation as pages that need neither a server nor a network.

    The pages of docs/ and a reference of the HTTP API, kinds, commands, states and problems, read from the code. A link
    that leads nowhere stops it.
    """
    require("sphinx", "docs")
    # Imported here: all kinds and routes are, which no other command needs.
    from webapp.site.building import SiteFlawed, build_site, write_sources  # noqa: PLC0415

    program = context.find_root().command
    assert isinstance(program, click.Group)
    with tempfile.TemporaryDirectory() as folder:
        sources = Path(folder) / "pages"
        write_sources(CHECKOUT / "docs", sources, program)
        try:
            build_site(sources, output.absolute())
        except SiteFlawed as flaws:
            raise click.ClickException(str(flaws)) from flaws
    click.echo(f"Open {output.absolute() / 'index.html'}")
