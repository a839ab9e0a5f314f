"""The console command `penstock`: every module here that is not private is one command, imported when it is called."""

from importlib import import_module
from pathlib import Path

import click


class CommandFolder(click.Group):
    """A group whose commands are the modules of this folder; adding one touches its own file alone."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click calls it so
        """Name the modules without importing them."""
        return sorted(path.stem for path in Path(__file__).parent.glob("*.py") if not path.stem.startswith("_"))

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import one command's module."""
        if cmd_name not in self.list_commands(ctx):
            return None
        command = import_module(f"{__name__}.{cmd_name}").command
        assert isinstance(command, click.Command)
        return command


@click.group(cls=CommandFolder, context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Penstock runs every heavy operation as a durable job."""
