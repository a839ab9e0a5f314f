"""What the commands about the local platform share: where its data lies, and how its troubles are told."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from core.errors import PenstockError
from core.platform.servers.folder import DataFolder, default_root

F = TypeVar("F", bound=Callable[..., Any])


def data_dir_option(function: F) -> F:
    """Add `--data-dir`, which all these commands take."""
    return click.option(
        "--data-dir",
        type=click.Path(file_okay=False, path_type=Path),
        envvar="PENSTOCK_DATA_DIR",
        default=lambda: default_root(os.environ),
        help="Where everything lies; the XDG state folder unless given.",
    )(function)


def existing_folder(data_dir: Path) -> DataFolder:
    """Name the folder's paths without making anything."""
    return DataFolder(data_dir.absolute())


def told(error: PenstockError) -> click.ClickException:
    """Return the error as the command line shows it: one sentence, exit code 1."""
    return click.ClickException(error.detail)
