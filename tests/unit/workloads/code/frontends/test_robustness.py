"""Damaged sources of the functional languages get diagnostics; phases are the same whatever the hash seed."""

from collections.abc import Callable
from functools import cache
from pathlib import Path
from random import Random

import pytest

from core.workloads.code.frontends import languages
from tests.unit.workloads.code.frontends.haskell import test_programs as haskell
from tests.unit.workloads.code.frontends.idris import test_programs as idris
from tests.unit.workloads.code.frontends.robustness import damaged, phases_by_hash_seed
from tests.unit.workloads.code.frontends.staged import features, staged
from tests.unit.workloads.code.frontends.system_f import test_programs as system_f

COUNT, DEEP_COUNT = 40, 4000
SOURCES: dict[str, Callable[[], list[str]]] = {
    "haskell": lambda: [haskell.taken(line)[0] for line in haskell.LINES],
    "idris": lambda: [idris.taken(line)[0] for line in idris.LINES],
    "system-f": lambda: [system_f.whole(source) for source, _ in system_f.PROGRAMS],
}
OTHERS = ("java", "lisp")
CHARACTERS = "(){}[];,.:=|\\\"'`@~!?_-+*<>$aA0 \n"
WORDS = {
    "haskell": ("where ", "case ", " of ", "let ", " in ", "data ", "class ", "instance ", "-> ", "<- ", "deriving "),
    "idris": ("where ", "case ", " of ", "let ", "with ", "data ", "total ", "-> ", "?hole ", "{a : Type} ", "import "),
    "system-f": ("lambda ", "let ", "letrec ", "All ", "Some ", " as ", " in ", "fix ", "option omega;", "{*", "X. "),
}


@cache
def sources(language: str) -> list[str]:
    """Give the programs of a language that are tested elsewhere."""
    if language in SOURCES:
        return SOURCES[language]()
    return [one.source for path in features(language) for one in staged(path)]


def survives(language: str, seed: int, count: int) -> None:
    """Damage programs and check them: nothing may be raised, and each finding has its place."""
    random = Random(seed)
    front_end = languages.find(language)
    for number in range(count):
        source = damaged(random.choice(sources(language)), random, CHARACTERS, WORDS[language])
        try:
            found = front_end.check(source).diagnostics
        except RecursionError:
            continue  # the caller of a front end tells of it
        except Exception as error:
            raise AssertionError(f"seed {seed}, number {number}:\n{source}") from error
        assert all(one.line >= 1 and one.column >= 1 and one.message for one in found), source


@pytest.mark.parametrize("language", SOURCES)
def test_damaged_sources_get_diagnostics(language: str) -> None:
    survives(language, 1, COUNT)


@pytest.mark.deep
@pytest.mark.timeout(7200)
@pytest.mark.parametrize("language", SOURCES)
@pytest.mark.parametrize("seed", range(2, 6))
def test_many_damaged_sources_get_diagnostics(language: str, seed: int) -> None:
    survives(language, seed, DEEP_COUNT)


@pytest.mark.parametrize("language", [*SOURCES, *OTHERS])
def test_every_phase_is_the_same_whatever_the_hash_seed(language: str, tmp_path: Path) -> None:
    every = sources(language)
    paths = []
    for number in range(2):
        paths.append(tmp_path / f"{number}.txt")
        paths[-1].write_text(every[(number + 1) * len(every) // 3])

    found = phases_by_hash_seed(language.replace("-", "_"), paths)

    assert len(found) == 1
    assert all(found)
