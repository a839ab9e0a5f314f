"""What a toolchain declares: where it is, how it is called and read, and what proves that it works."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

SEARCHED = ("/usr/local/bin", "/usr/bin", "/bin")
"""Where toolchains may lie: folders that every user of the host reads, and nobody but root writes."""


@dataclass(frozen=True, slots=True)
class Complaint:
    """One thing that a toolchain found wrong; lines and columns count from 1, 0 where it did not say."""

    message: str
    line: int = 0
    column: int = 0
    severity: str = "error"
    hint: str = ""


@dataclass(frozen=True, slots=True)
class SelfTest:
    """A small program whose answer is known: a toolchain that fails it is not offered."""

    source: str
    stdin: str
    stdout: str


def _no_complaints(_stderr: str) -> list[Complaint]:
    return []


def _no_rejection(_stderr: str, _source: str) -> list[Complaint]:
    return []


def _no_crash(_exit_code: int, _stderr: str) -> str | None:
    return None


def _main(_source: str) -> str:
    return "main"


@dataclass(frozen=True, slots=True)
class Toolchain:
    """One language as the host runs it.

    In `compiling` and `running`, `{program}` stands for the program's path, `{folder}` for where it lies, `{name}` for
    what `naming` says, and `{memory_mib}` for the memory that the run may use.
    """

    language: str
    title: str
    programs: Sequence[str]
    """Names under which its program may be found, the first that is there being taken."""
    source: str
    """What the source file is called in the box; it may have `{name}`, too."""
    running: Sequence[str]
    self_test: SelfTest
    compiling: Sequence[str] = ()
    """How it is compiled; empty where the source itself is run."""
    compiled: Sequence[str] = ()
    """Files that compiling leaves and running needs; `*.x` stands for all that end so."""
    version: Sequence[str] = ("{program}", "--version")
    folders: Sequence[str] = ()
    """Folders beside the usual ones that it reads, as far as they exist."""
    compile_memory_mib: int = 512
    compiler_pairs_sockets: bool = False
    """Whether the compiler cannot do without two sockets that are connected to each other and lead nowhere else."""
    processes: int = 16
    """How many processes and threads a run has at least to be allowed."""
    naming: Callable[[str], str] = field(default=_main)
    """Says by the source what the program is called, where the language asks for that: letters, digits and `_`."""
    complaints: Callable[[str], list[Complaint]] = field(default=_no_complaints)
    """Reads what the compiler wrote to standard error."""
    rejection: Callable[[str, str], list[Complaint]] = field(default=_no_rejection)
    """Reads standard error of a run of a source, where that is run: what says that it was refused before it began."""
    crash: Callable[[int, str], str | None] = field(default=_no_crash)
    """Names what ended a run that the language's own run-time system ended, from exit code and standard error."""

    def find(self) -> str | None:
        """Return the path of its program on this host."""
        places = (Path(folder, name) for name in self.programs for folder in SEARCHED)
        return next((str(place) for place in places if place.is_file()), None)

    def folders_here(self) -> tuple[str, ...]:
        """List those of its folders that this host has."""
        return tuple(folder for folder in self.folders if Path(folder).exists())
