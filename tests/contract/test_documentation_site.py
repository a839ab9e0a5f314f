"""The documentation as a site: every link leads somewhere, and every call, kind, command and setting is in it."""

import re
from pathlib import Path

import pytest

from core import catalogue
from webapp.cli import main
from webapp.cli._checkout import CHECKOUT
from webapp.site.building import SiteFlawed, build_site, reference_pages, write_sources

DOCS = CHECKOUT / "docs"


def test_the_site_is_built_without_a_flaw(tmp_path: Path) -> None:
    write_sources(DOCS, tmp_path / "pages", main)
    build_site(tmp_path / "pages", tmp_path / "site")
    assert "quickstart.html" in (tmp_path / "site" / "index.html").read_text()
    assert not re.findall(
        r'(?:src|href)="(?:https?:)?//[^"]*\.(?:js|css)', (tmp_path / "site" / "index.html").read_text()
    )


def test_a_link_that_leads_nowhere_is_a_flaw(tmp_path: Path) -> None:
    pages = tmp_path / "pages"
    pages.mkdir()
    (pages / "conf.py").write_text((DOCS / "conf.py").read_text())
    (pages / "index.md").write_text("# Page\n\n[](nowhere.md)\n")
    with pytest.raises(SiteFlawed, match=r"nowhere\.md"):
        build_site(pages, tmp_path / "site")


def test_the_reference_has_every_kind_command_and_call() -> None:
    pages = reference_pages(main)
    assert {kind.name for kind in catalogue.discover()} <= set(
        re.findall(r"^### `(\S+)`", pages["kinds"], re.MULTILINE)
    )
    commands = main.list_commands(None)  # type: ignore[arg-type]  # the folder is read, no context is needed
    assert [f"## penstock {name}" for name in commands] == re.findall(r"^## .*", pages["commands"], re.MULTILINE)
    assert "### `POST /api/v1/jobs`" in pages["api"]
    assert "`params_invalid`" in pages["problems"]
    assert "`job.claimed`" in pages["states"]


def test_every_setting_is_documented() -> None:
    read = set(re.findall(r'"((?:PENSTOCK|DATABASE|REDIS)_[A-Z_]+)"', (CHECKOUT / "core" / "config.py").read_text()))
    assert read
    assert read <= set(re.findall(r"`([A-Z_]+)`", (DOCS / "operating.md").read_text()))
