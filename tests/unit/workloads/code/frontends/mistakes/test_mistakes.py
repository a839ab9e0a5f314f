"""Typical mistakes: what is told of them is where they are, and in words that a teacher would choose."""

from pathlib import Path

import pytest

from tests.unit.workloads.code.frontends.mistakes import asking, table
from tests.unit.workloads.code.frontends.mistakes.table import Mistake

EVERY = table.mistakes()
ASKED = [one for one in EVERY if not one.test]


def test_there_are_as_many_as_there_should_be() -> None:
    assert len([one for one in EVERY if one.language in ("c", "java", "haskell", "idris")]) >= 40


@pytest.mark.parametrize("mistake", EVERY, ids=lambda one: f"{one.language}: {one.title}")
def test_a_mistake_is_told_where_it_is(mistake: Mistake) -> None:
    told = mistake.here()

    assert (told.line, told.column) == mistake.mark, told
    assert told.message


def test_the_page_shows_what_is_told() -> None:
    assert table.PAGE.read_text() == table.page()


@pytest.mark.deep
@pytest.mark.parametrize("mistake", ASKED, ids=lambda one: f"{one.language}: {one.title}")
def test_the_other_compiler_still_says_so(mistake: Mistake, tmp_path: Path) -> None:
    wanted = table.versions()[mistake.language]
    if (found := asking.version(mistake.language)) != wanted:
        pytest.skip(f"{wanted} was asked, and here is {found or 'none'}")

    assert asking.said(mistake.language, mistake.source, tmp_path) == (mistake.place, mistake.words)
