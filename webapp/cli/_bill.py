"""The bill of materials: what is locked, under which licence, by which hashes, needing what (CycloneDX 1.6)."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import Distribution, PackageNotFoundError, distribution, version
from typing import Any
from uuid import NAMESPACE_URL, uuid5

_PINNED = re.compile(r"^([A-Za-z0-9][A-Za-z0-9._-]*)==([^\s;\\]+)(.*)$")
_HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")
_NAME = re.compile(r"^[A-Za-z0-9][A-Za-z0-9._-]*")
_APPROVED = "License :: OSI Approved :: "
_LONGEST_NAME = 60
"""Some packages have the licence's whole text where its name belongs."""
UNKNOWN = "not told by its metadata"


@dataclass(frozen=True, slots=True)
class Pin:
    """One locked dependency."""

    name: str
    version: str
    hashes: Sequence[str]


def read_lock(lock: str) -> list[Pin]:
    """Read the pins of a lock file with the hashes below each, in the order of their names."""
    pins: list[Pin] = []
    for line in lock.splitlines():
        if found := _PINNED.match(line):
            pins.append(Pin(normal(found[1]), found[2], []))
        elif pins and (found := _HASH.search(line)):
            pins[-1] = Pin(pins[-1].name, pins[-1].version, [*pins[-1].hashes, found[1]])
    return sorted(pins, key=lambda pin: pin.name)


def normal(name: str) -> str:
    """Write a package's name as indexes compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def bill_of_materials(pins: Sequence[Pin]) -> dict[str, Any]:
    """Write the bill; its serial number follows from what it says, so that the same lock gives the same bill."""
    own = {"type": "application", "name": "penstock", "version": version("penstock"), "bom-ref": "penstock"}
    said = "\n".join(f"{pin.name}=={pin.version}" for pin in pins)
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{uuid5(NAMESPACE_URL, own['version'] + said)}",
        "version": 1,
        "metadata": {"component": own},
        "components": [_component(pin) for pin in pins],
        "dependencies": [
            {"ref": "penstock", "dependsOn": _needs(_installed("penstock"), pins)},
            *({"ref": _reference(pin), "dependsOn": _needs(_installed(pin.name), pins)} for pin in pins),
        ],
    }


def licence_list(pins: Sequence[Pin]) -> str:
    """Write one line for each dependency: name, version, licence."""
    rows = [(pin.name, pin.version, licence(_installed(pin.name)) or UNKNOWN) for pin in pins]
    widths = [max(len(row[place]) for row in rows) for place in (0, 1)]
    return "".join(f"{name:<{widths[0]}}  {number:<{widths[1]}}  {said}\n" for name, number, said in rows)


def licence(installed: Distribution | None) -> str | None:
    """Return what a package says of its licence: an SPDX expression if it has one, else the name by which it goes."""
    if installed is None:
        return None
    told: Mapping[str, Any] = installed.metadata  # type: ignore[assignment]  # a message, read like a mapping
    if expression := told.get("License-Expression"):
        return str(expression)
    classified = [one for one in installed.metadata.get_all("Classifier") or [] if one.startswith(_APPROVED)]
    if classified:
        return " OR ".join(one.removeprefix(_APPROVED) for one in classified)
    name = str(told.get("License") or "").strip().partition("\n")[0]
    return name if 0 < len(name) <= _LONGEST_NAME else None


def _component(pin: Pin) -> dict[str, Any]:
    said = licence(_installed(pin.name))
    return {
        "type": "library",
        "name": pin.name,
        "version": pin.version,
        "purl": _reference(pin),
        "bom-ref": _reference(pin),
        "licenses": [{"license": {"name": said}}] if said else [],
        # Of the files that may be installed: one of them is, according to the machine.
        "externalReferences": [
            {
                "type": "distribution",
                "url": f"https://pypi.org/project/{pin.name}/{pin.version}/",
                "hashes": [{"alg": "SHA-256", "content": each} for each in sorted(pin.hashes)],
            }
        ],
    }


def _needs(installed: Distribution | None, pins: Sequence[Pin]) -> list[str]:
    """Name what a package asks for, as far as it is locked; what it asks for in extras alone is left out."""
    asked = [one for one in (installed.requires or [] if installed else []) if "extra ==" not in one]
    names = {normal(found[0]) for one in asked if (found := _NAME.match(one))}
    return [_reference(pin) for pin in pins if pin.name in names]


def _reference(pin: Pin) -> str:
    return f"pkg:pypi/{pin.name}@{pin.version}"


def _installed(name: str) -> Distribution | None:
    """Find a package here; what is for other machines alone is not."""
    try:
        return distribution(name)
    except PackageNotFoundError:
        return None
