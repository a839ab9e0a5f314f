"""Every error has a code of its own, a family that decides its HTTP status, and a title."""

import importlib
import pkgutil
import re
from collections import Counter
from collections.abc import Iterator
from http import HTTPStatus

import pytest

import core
import webapp
from core.errors import Conflict, Denied, Invalid, Missing, PenstockError, Transient
from webapp.problems import status_of

FAMILIES = (Invalid, Denied, Missing, Conflict, Transient)


def load_all() -> None:
    for package in (core, webapp):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if not re.search(r"__main__|gunicorn_conf|\.client\b", module.name):
                importlib.import_module(module.name)


def below(error: type[PenstockError]) -> Iterator[type[PenstockError]]:
    for subclass in error.__subclasses__():
        yield subclass
        yield from below(subclass)


def ours() -> list[type[PenstockError]]:
    load_all()
    return [error for error in below(PenstockError) if error.__module__.startswith(("core.", "webapp."))]


ERRORS = ours()


def test_codes_are_unique() -> None:
    assert {code: n for code, n in Counter(error.code for error in ERRORS).items() if n > 1} == {}


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: error.__name__)
def test_an_error_is_well_declared(error: type[PenstockError]) -> None:
    assert "code" in vars(error), "an error has a code of its own"
    assert re.fullmatch(r"[a-z]+(_[a-z]+)*", error.code)
    assert issubclass(error, FAMILIES)
    assert status_of(error) is not HTTPStatus.INTERNAL_SERVER_ERROR
    assert error.__doc__
    assert error.title().endswith(".")
    assert str(error()) == error.title()
