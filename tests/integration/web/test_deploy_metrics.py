"""Every metric that rules, dashboard and scalers name is one that the platform tells, with those labels."""

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from flask import Flask
from prometheus_client.parser import text_string_to_metric_families

from core.platform.access import Role
from core.platform.streams import figures
from core.redis import connect
from tests.integration.web.conftest import KeyClient, held_by

ROOT = Path(__file__).parents[3]
DEPLOY = ROOT / "deploy"


@pytest.fixture
def told(client_of: Callable[..., KeyClient], app: Flask) -> dict[str, set[str]]:
    """Each sample's name with the labels that it bears, while a stream process tells figures of itself."""
    redis = connect(held_by(app).settings.redis_url)
    figures.write(redis, "stream:1", dict.fromkeys(("websocket", "sse", "channels", "sent", "dropped", "refused"), 1))
    client = client_of(Role.OPERATOR)
    client.get("/api/v1/kinds")
    text = client.get("/api/v1/metrics").get_data(as_text=True)
    figures.forget(redis, "stream:1")
    redis.close()
    families = list(text_string_to_metric_families(text))
    told = {sample.name: set(sample.labels) for family in families for sample in family.samples}
    return {"penstock_jobs": {"kind", "state"}} | told  # of which there is none where no job is open


def expressions() -> Iterator[str]:
    for group in yaml.safe_load((DEPLOY / "prometheus/rules.yaml").read_text())["groups"]:
        yield from (rule["expr"] for rule in group["rules"])
    for panel in json.loads((DEPLOY / "grafana/penstock.json").read_text())["panels"]:
        yield from (target["expr"] for target in panel["targets"])
    for each in yaml.safe_load_all((DEPLOY / "kubernetes/scaling.yaml").read_text()):
        yield from (trigger["metadata"]["query"] for trigger in each["spec"]["triggers"])


def recorded() -> set[str]:
    groups: list[dict[str, Any]] = yaml.safe_load((DEPLOY / "prometheus/rules.yaml").read_text())["groups"]
    return {rule["record"] for group in groups for rule in group["rules"] if "record" in rule}


def test_every_metric_that_is_asked_for_is_told(told: dict[str, set[str]]) -> None:
    named = {name for each in expressions() for name in re.findall(r"\bpenstock[_:][\w:]+", each)}
    assert named <= set(told) | recorded()
    assert len(named) > 12


def test_every_label_that_is_asked_for_is_borne(told: dict[str, set[str]]) -> None:
    asked = [found for each in expressions() for found in re.findall(r"\b(penstock_\w+)\{([^}]*)\}", each)]
    assert asked
    for name, selector in asked:
        assert set(re.findall(r"(\w+)[=!]~?", selector)) <= told[name], name


def test_a_route_that_a_rule_leaves_out_is_one() -> None:
    left_out = {route for each in expressions() for route in re.findall(r'route!="([^"]+)"', each)}
    operations = json.loads((ROOT / "tests/contract/operations.json").read_text())
    routes = {name.split()[1] for name in operations}
    assert left_out
    assert {re.sub(r"<uuid:(\w+)>", r"{\1}", route) for route in left_out} <= routes
