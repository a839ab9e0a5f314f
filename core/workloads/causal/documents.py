"""The graph as documents that other programs read: JSON (node-link) and GraphML."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from xml.etree import ElementTree as ET

Artifact = tuple[str, bytes, str]
_FIGURES = ("lag", "effect", "effect_standardized", "ci_low", "ci_high", "p", "q", "stability", "direction")
_WORDS = ("kind", "form")


def graphs(names: Sequence[str], edges: Sequence[Mapping[str, Any]]) -> Iterator[Artifact]:
    """Yield graph.json and graph.graphml with the accepted edges, as (name, bytes, content type)."""
    accepted = [edge for edge in edges if edge["verdict"] == "accepted"]
    yield written("graph.json", _node_link(names, accepted))
    yield "graph.graphml", _graphml(names, accepted), "application/graphml+xml"


def written(name: str, document: Any) -> Artifact:
    """Write one JSON document."""
    return name, json.dumps(document, indent=1, ensure_ascii=False, allow_nan=False).encode(), "application/json"


def _node_link(names: Sequence[str], accepted: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    nodes, links = [{"id": name} for name in names], [dict(edge) for edge in accepted]
    return {"directed": True, "multigraph": True, "nodes": nodes, "links": links}


def _graphml(names: Sequence[str], accepted: Sequence[Mapping[str, Any]]) -> bytes:
    root = ET.Element("graphml", xmlns="http://graphml.graphdrawing.org/xmlns")
    for name in (*_FIGURES, *_WORDS):
        kind = "string" if name in _WORDS else "int" if name == "lag" else "double"
        ET.SubElement(root, "key", {"id": name, "for": "edge", "attr.name": name, "attr.type": kind})
    graph = ET.SubElement(root, "graph", id="causes", edgedefault="directed")
    for name in names:
        ET.SubElement(graph, "node", id=name)
    for number, edge in enumerate(accepted):
        ends = {"id": f"e{number}", "source": edge["source"], "target": edge["target"]}
        if edge["kind"] == "undirected":
            ends["directed"] = "false"
        element = ET.SubElement(graph, "edge", ends)
        for name in (*_FIGURES, *_WORDS):
            ET.SubElement(element, "data", key=name).text = str(edge[name])
    ET.indent(root)
    return f"<?xml version='1.0' encoding='utf-8'?>\n{ET.tostring(root, encoding='unicode')}\n".encode()
