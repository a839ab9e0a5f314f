"""This file is about which languages can be run, on which target, and why not on the others."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from core.workloads.code.frontends import languages
from core.workloads.code.native import survey

NO_WORKER = "no worker that runs programs has told of its toolchains lately"


@dataclass(frozen=True, slots=True)
class Availability:
    """Whether a language can be run on a target, what by, or why not."""

    available: bool
    version: str = ""
    reason: str = ""


def language_documents(told: Mapping[str, survey.Availability]) -> list[dict[str, Any]]:
    """Tell of every language: of the Engine by this version, of the hosts by what their workers told."""
    return [_document(name, {"engine": _on_engine(name), "native": _on_hosts(name, told)}) for name in languages.NAMES]


def _document(language: str, targets: Mapping[str, Availability]) -> dict[str, Any]:
    return {
        "name": language,
        "available": any(one.available for one in targets.values()),
        "targets": {name: asdict(one) for name, one in targets.items()},
    }


def _on_engine(language: str) -> Availability:
    try:
        return Availability(available=True, version=languages.find(language).title)
    except languages.LanguageAbsent as absent:
        return Availability(available=False, reason=str(absent))


def _on_hosts(language: str, told: Mapping[str, survey.Availability]) -> Availability:
    if language not in survey.find_toolchains():
        return Availability(available=False, reason=f"no toolchain for {language} is declared in this version")
    found = told.get(language)
    if found is None:
        return Availability(available=False, reason=NO_WORKER)
    return Availability(found.available, found.version, found.reason)
