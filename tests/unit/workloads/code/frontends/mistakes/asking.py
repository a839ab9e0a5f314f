"""Asking the compilers of this host what they say of a mistake, and reading where they say it is."""

import re
import subprocess
from collections.abc import Sequence
from pathlib import Path

from core.workloads.code.native import survey
from core.workloads.code.native.toolchains.base import Complaint

TOOLCHAINS = survey.find_toolchains()
NOWHERE = "no place"
_RAISED_AT = re.compile(r'File ".*", line (\d+), in ')
_INNER_PLACE = re.compile(r"\A(?:[\w/.-]+:\d+:\d+|ERROR): ")


def version(language: str) -> str:
    """Give what a compiler calls itself; empty where there is none."""
    toolchain = TOOLCHAINS.get(language)
    program = toolchain.find() if toolchain else None
    if toolchain is None or program is None:
        return ""
    said = subprocess.run(_argv(toolchain.version, program), capture_output=True, text=True, check=True)
    return (said.stdout or said.stderr).splitlines()[0]


def said(language: str, source: str, folder: Path) -> tuple[str, str]:
    """Compile or run a source outside any box; gives place and words of the first thing that is wrong."""
    toolchain = TOOLCHAINS[language]
    program = toolchain.find()
    assert program is not None
    file = folder / toolchain.source.format(name=toolchain.naming(source))
    file.write_text(source)
    argv = _argv(toolchain.compiling or toolchain.running, program, toolchain.naming(source))
    argv = [word.replace("/box", str(folder)) for word in argv]
    ran = subprocess.run(argv, cwd=folder, capture_output=True, text=True, check=False, timeout=60)
    stderr = ran.stderr.replace(str(folder), "/box")
    found = [*toolchain.complaints(stderr), *toolchain.rejection(stderr, source)]
    first = next((one for one in found if one.severity == "error"), found[0] if found else None)
    return _told(first) if first else _as_it_ran(stderr)


def _argv(template: Sequence[str], program: str, name: str = "main") -> list[str]:
    words = {"program": program, "folder": str(Path(program).parent), "name": name, "memory_mib": "256"}
    return [word.format(**words) for word in template]


def _told(one: Complaint) -> tuple[str, str]:
    hint = one.hint.partition("In the ")[0].partition("In an ")[0].strip("; ")  # GHC tells the source once more
    return f"{one.line}:{one.column}", " ".join(f"{one.message}{f' ({hint})' if hint else ''}".split())


def _as_it_ran(stderr: str) -> tuple[str, str]:
    """Read what was said of a program that had begun: the last line, and the line of the source where it was."""
    lines = _RAISED_AT.findall(stderr)
    words = stderr.strip().splitlines()[-1]
    return (f"line {lines[-1]}" if lines else NOWHERE), _INNER_PLACE.sub("", words)
