"""What the commands for developers share: the checkout, its tools, and an environment without strangers."""

import os
import sys
from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path

import click

CHECKOUT = Path(__file__).parents[2]
_OF_A_PLATFORM = (
    *("PENSTOCK_URL", "PENSTOCK_API_KEY", "PENSTOCK_DATA_DIR"),
    *("DATABASE_URL", "DATABASE_DIRECT_URL", "DATABASE_REPLICA_URL", "REDIS_URL", "PENSTOCK_BROKER_URL"),
)

passes_on = {"ignore_unknown_options": True, "help_option_names": ["-h", "--help"]}
"""Context settings of a command that hands what it does not know to the tool behind it."""


def require(module: str, command: str) -> None:
    """Refuse to go on without a tool for developers; raises `click.ClickException`."""
    if find_spec(module) is None:
        raise click.ClickException(f"{module} is not installed here; `./penstock {command}` in a checkout installs it.")


def script(name: str) -> str:
    """Return the path of a program of this environment."""
    return str(Path(sys.executable).with_name(name))


def cache_folder(environ: Mapping[str, str] = os.environ) -> Path:
    """Return a folder for what can be made again."""
    given = Path(environ.get("XDG_CACHE_HOME", ""))
    home = Path(environ.get("HOME") or "~").expanduser()
    return (given if given.is_absolute() else home / ".cache") / "penstock"


def own_environ(**more: str) -> dict[str, str]:
    """Return the environment of tools and tests: no platform of the caller's, this environment's programs first."""
    kept = {name: value for name, value in os.environ.items() if name not in _OF_A_PLATFORM}
    path = f"{Path(sys.executable).parent}{os.pathsep}{kept.get('PATH', os.defpath)}"
    return {**kept, "PATH": path, **more}


def made_absolute(arguments: Sequence[str]) -> list[str]:
    """Turn paths that the caller sees from their own folder into ones that hold in the checkout."""
    return [_made_absolute(argument) for argument in arguments]


def _made_absolute(argument: str) -> str:
    path, separator, rest = argument.partition("::")
    if argument.startswith("-") or not Path(path).exists():
        return argument
    return f"{Path(path).absolute()}{separator}{rest}"
