"""From a source of data to its causes: windows with a known truth, and the graph that was found in them."""

from uuid import uuid4

from penstock_client import Client

with Client() as client:
    domain = client.domains.add(f"example-{uuid4().hex[:8]}", example="retail")
    client.submit("windows.generate", {"domain": domain.id, "count": 20}).result(timeout=120)
    series = {"domain_id": domain.id, "first": 0, "last": 19}
    graph = client.submit("causal.discover", {"series": series}).result(timeout=300)
    for edge in graph["edges"]:
        if edge["verdict"] == "accepted":
            print(f"{edge['source']} -> {edge['target']} after {edge['lag']}: {edge['effect']:+.2f}")
