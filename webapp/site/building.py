"""Building the site: the hand-written pages and the reference side by side, then Sphinx over both."""

import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import click
from flask import Flask

from core import catalogue
from webapp.api import v1
from webapp.openapi import register_api
from webapp.site import reference


class SiteFlawed(Exception):
    """A page names something that is not there, or cannot be read."""


def write_sources(docs: Path, target: Path, program: click.Group) -> None:
    """Lay all pages into a new folder."""
    shutil.copytree(docs, target)
    (target / "reference").mkdir()
    for name, page in reference_pages(program).items():
        (target / "reference" / f"{name}.md").write_text(page)


def reference_pages(program: click.Group) -> Mapping[str, str]:
    """Write the reference, by name of the page."""
    kinds = catalogue.discover()
    api = register_api(Flask(__name__), kinds, v1)
    return {
        "api": reference.api_page(api.document),
        "kinds": reference.kinds_page(kinds),
        "commands": reference.commands_page(program),
        "states": reference.states_page(),
        "problems": reference.problems_page(),
    }


def build_site(sources: Path, target: Path) -> None:
    """Turn the pages into HTML; raises `SiteFlawed` with every flaw."""
    argv = (sys.executable, "-m", "sphinx", "-q", "-W", "--keep-going", "-b", "html", str(sources), str(target))
    ended = subprocess.run(argv, capture_output=True, text=True, check=False)  # noqa: S603 - built above
    if ended.returncode:
        raise SiteFlawed(ended.stderr)
