"""This file is about which jobs run, check, grade and compare programs."""

from core.jobs.kind import JobKind, Limits
from core.workloads.code.params import CheckParams, CompareParams, GradeParams, RunParams
from core.workloads.code.results import CheckResult, CompareResult, GradeResult, RunResult

MEASURED = ("cpu_ms", "wall_ms", "peak_memory_kib")
_SUM = """        LD A, #0
        LD B, #10
loop:   ADD A, A, B
        DJN B, loop
        PRN A
        HLT #0
"""
_ECHO_TWICE = "        RDN A\n        ADD A, A, A\n        PRN A\n        HLT #0\n"

RUN = JobKind(
    name="code.run",
    summary="Compile a program and run it on the Engine, or natively in a sandbox.",
    params=RunParams,
    result=RunResult,
    example={"language": "assembly", "source": _SUM, "emit": ["assembly"]},
    queue="sandbox",
    limits=Limits(soft_s=120.0, result_bytes=8 << 20),
    measured=MEASURED,
)

CHECK = JobKind(
    name="code.check",
    summary="Check a program without running it: diagnostics, types, symbols.",
    params=CheckParams,
    result=CheckResult,
    example={"language": "assembly", "source": _SUM},
    queue="sandbox",
    limits=Limits(soft_s=60.0),
)

GRADE = JobKind(
    name="code.grade",
    summary="Run a program on test cases, some of them hidden, and give points for each.",
    params=GradeParams,
    result=GradeResult,
    example={
        "language": "assembly",
        "source": _ECHO_TWICE,
        "cases": [
            {"name": "small", "stdin": "21", "expected": "42"},
            {"name": "secret", "stdin": "-5", "expected": "-10", "hidden": True},
        ],
    },
    queue="sandbox",
    limits=Limits(soft_s=900.0),
    version=2,
    measured=(*MEASURED, "sealed"),
)

COMPARE = JobKind(
    name="code.compare",
    summary="Run two programs, or one on both targets, on the same inputs and tell where they differ.",
    params=CompareParams,
    result=CompareResult,
    example={
        "first": {"language": "assembly", "source": _ECHO_TWICE},
        "second": {"language": "assembly", "source": _ECHO_TWICE.replace("ADD A, A, A", "MUL A, A, #2")},
        "inputs": ["1", "-7"],
    },
    queue="sandbox",
    limits=Limits(soft_s=900.0),
    measured=MEASURED,
)
