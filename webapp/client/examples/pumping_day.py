"""A day of a pumping station: a plan with its bound, the reasons for its switches, and its plot as a file."""

from pathlib import Path
from tempfile import mkdtemp

from penstock_client import Client

with Client() as client:
    day = client.kind("pumping.optimize").example
    job = client.submit("pumping.optimize", day)
    for progress in job.watch(timeout=300):
        print(progress.state, progress.progress or "")
    plan = job.result()
    print(f"{plan['energy_cost_eur']:.2f} EUR for {plan['energy_kwh']:.0f} kWh, by the solver {plan['solver']}")
    print(f"at most {plan['gap']:.2%} above the best plan there can be")
    for finding in plan["audit"]:
        print(f"{finding['rule']}: {finding['violations']} violations, at worst {finding['worst']} {finding['unit']}")
    for artifact in job.artifacts():
        print("stored", job.download(artifact.name, Path(mkdtemp())))
