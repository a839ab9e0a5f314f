"""dp-accounting's epsilons, in the peers' environment: `python accounting.py CASES`, JSON in and out."""

import json
import sys

import dp_accounting
from dp_accounting import pld, rdp


def main(cases: str) -> None:
    """Print for each [sampling, noise multiplier, rounds, delta] what its two accountants come to."""
    found = []
    for sampling, noise, rounds, delta in json.loads(cases):
        event = dp_accounting.SelfComposedDpEvent(
            dp_accounting.PoissonSampledDpEvent(sampling, dp_accounting.GaussianDpEvent(noise)), rounds
        )
        by = (rdp.RdpAccountant(), pld.PLDAccountant())
        found.append([accountant.compose(event).get_epsilon(delta) for accountant in by])
    print(json.dumps(found))  # noqa: T201 - the answer of a program


if __name__ == "__main__":
    main(*sys.argv[1:])
