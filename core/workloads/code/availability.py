"""This file is about which languages can be run here, on which target, and why not on the others."""

from dataclasses import asdict
from typing import Any

from core.workloads.code.frontends.languages import NAMES
from core.workloads.code.targets import base
from core.workloads.code.targets.base import Availability, TargetUnavailable


def language_documents() -> list[dict[str, Any]]:
    """Tell of every language."""
    return [_document(name) for name in NAMES]


def _document(language: str) -> dict[str, Any]:
    targets = {target: asdict(_availability(language, target)) for target in base.NAMES}
    return {
        "name": language,
        "available": any(one["available"] for one in targets.values()),
        "targets": targets,
    }


def _availability(language: str, target: str) -> Availability:
    try:
        return base.find(target).availability(language)
    except TargetUnavailable as unavailable:
        return Availability(available=False, reason=unavailable.detail)
