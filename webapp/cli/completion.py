"""`penstock completion`: what makes a shell complete this command's words."""

import click
from click.shell_completion import get_completion_class

PLACES = {
    "bash": "~/.local/share/bash-completion/completions/penstock",
    "zsh": "a folder of $fpath, as _penstock",
    "fish": "~/.config/fish/completions/penstock.fish",
}


@click.command(
    epilog="\b\nWhere the script belongs:\n" + "\n".join(f"  {shell:<5} {place}" for shell, place in PLACES.items())
)
@click.argument("shell", type=click.Choice(list(PLACES)))
@click.pass_context
def command(context: click.Context, shell: str) -> None:
    """Print the completion script for a shell."""
    complete = get_completion_class(shell)
    assert complete is not None
    program = context.find_root()
    click.echo(complete(program.command, {}, "penstock", "_PENSTOCK_COMPLETE").source())
