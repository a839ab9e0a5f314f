"""The survey: which toolchains this host has, which of them work behind the walls, and why the others do not."""

import importlib
import pkgutil
from dataclasses import dataclass, replace

from core.workloads.code.native import running, toolchains
from core.workloads.code.native.toolchains.base import Toolchain
from core.workloads.code.sandbox.asking import Sandbox, SandboxUnavailable
from core.workloads.code.sandbox.launcher.orders import Limits, Order

_TESTING = Limits(wall_s=30.0, cpu_s=20.0)


@dataclass(frozen=True, slots=True)
class Availability:
    """Whether a language can be run natively here; if not, why."""

    language: str
    title: str
    available: bool
    version: str = ""
    reason: str = ""


def find_toolchains() -> dict[str, Toolchain]:
    """Find every toolchain that is declared, by its language."""
    names = sorted(module.name for module in pkgutil.iter_modules(toolchains.__path__) if module.name != "base")
    modules = (importlib.import_module(f"{toolchains.__name__}.{name}") for name in names)
    return {module.TOOLCHAIN.language: module.TOOLCHAIN for module in modules}


def survey(sandbox: Sandbox, without: frozenset[str] = frozenset()) -> list[Availability]:
    """Run each toolchain's self-test behind the walls that the platform will use."""
    return [examine(sandbox, toolchain, without) for toolchain in find_toolchains().values()]


def examine(sandbox: Sandbox, toolchain: Toolchain, without: frozenset[str] = frozenset()) -> Availability:
    """Run one toolchain's self-test."""
    test = toolchain.self_test
    try:
        result = running.run(sandbox, toolchain, test.source, test.stdin.encode(), _TESTING, without)
    except (running.Unavailable, SandboxUnavailable) as missing:
        return Availability(toolchain.language, toolchain.title, available=False, reason=str(missing))
    if result.verdict != "ok" or result.stdout != test.stdout.encode():
        said = result.complaints[0].message if result.complaints else result.stderr.decode(errors="replace")[-200:]
        reason = f"its self-test ended with {result.verdict} instead of the known answer: {said}".rstrip(": ")
        return Availability(toolchain.language, toolchain.title, available=False, reason=reason)
    return Availability(
        toolchain.language, toolchain.title, available=True, version=_version(sandbox, toolchain, without)
    )


def _version(sandbox: Sandbox, toolchain: Toolchain, without: frozenset[str]) -> str:
    argv = tuple(word.format(program=toolchain.find()) for word in toolchain.version)
    limits = replace(_TESTING, processes=max(_TESTING.processes, toolchain.processes))
    said = sandbox.run(Order(argv, folders=toolchain.folders_here(), without=without, limits=limits))
    lines = (said.stdout or said.stderr).decode(errors="replace").splitlines()
    return lines[0] if lines else ""
