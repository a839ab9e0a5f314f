"""From a source of data to its causes, and to what a push to one of them would do: one workflow of three jobs."""

from uuid import uuid4

from penstock_client import Client

with Client() as client:
    domain = client.domains.add(f"example-{uuid4().hex[:8]}", example="retail")
    shock = {"at": 10, "target": "promotion", "change": "add", "amount": 3, "for": 5}
    workflow = client.submit_workflow(
        {
            "windows": {"kind": "windows.generate", "params": {"domain": domain.id, "count": 20}},
            "causes": {
                "kind": "causal.discover",
                "params": {"series": {"domain_id": domain.id, "first": 0, "last": 19}},
                "after": ["windows"],
            },
            "future": {
                "kind": "simulation.run",
                "params": {"shocks": [shock], "horizon": 30, "members": 500, "points": 31},
                "params_from": {"/dynamics/graph": "causes#"},
            },
        }
    )
    result = workflow.results(timeout=300)["future"]
    print(f"{len(result['warnings'])} edges had no part")
    for one in result["series"]:
        print(f"{one['name']}: {one['mean'][9]:+.2f} before, {one['mean'][14]:+.2f} at the end of the push")
