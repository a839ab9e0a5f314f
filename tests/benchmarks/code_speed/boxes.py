"""What the sandbox costs a program that does nothing, beside starting it bare."""

import subprocess
import time
from collections.abc import Iterator

from job_costs.figures import Figure, Target, absolute, unmeasured

from core.workloads.code.sandbox.asking import Sandbox, SandboxUnavailable
from core.workloads.code.sandbox.launcher.orders import Order

NOTHING = ("/bin/true",)
MORE_MS = 10.0


def figures(rounds: int) -> Iterator[Figure]:
    """Measure by the clock; the least of many is what the machine would do in quiet."""
    name = "an empty program in the box, over fork and exec"
    try:
        with Sandbox() as sandbox:
            sandbox.run(Order(NOTHING))
            boxed = sorted(_ms(lambda: sandbox.run(Order(NOTHING))) for _ in range(20 * rounds))
    except SandboxUnavailable as missing:
        yield unmeasured(name, str(missing))
        return
    bare = sorted(_ms(lambda: subprocess.run(NOTHING, check=True)) for _ in range(20 * rounds))
    target = Target(at_most=MORE_MS, unit="ms")
    yield absolute(f"{name}, least", target, boxed[0] - bare[0])
    yield absolute(f"{name}, p50", target, boxed[len(boxed) // 2] - bare[len(bare) // 2])


def _ms(run: object) -> float:
    began = time.perf_counter()
    assert callable(run)
    run()
    return (time.perf_counter() - began) * 1e3
