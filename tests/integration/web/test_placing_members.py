"""Members that train on an upload: the federation keeps it while it is trained on, and lends each round its own."""

import io
from typing import Any

import numpy as np
import pytest
from flask import Flask
from sqlalchemy import text

from tests.integration.web.conftest import KeyClient, held_by

TRAINING = {"learner": {"learner": "linear"}}


def uploaded(client: KeyClient) -> str:
    file = io.BytesIO()
    np.savez(file, inputs=np.array([[0.0], [1.0]]), targets=np.array([[0.0], [2.0]]))
    answer = client.post("/api/v1/artifacts?name=data.npz", data=file.getvalue())
    return str(answer.get_json()["artifact_id"])


def expiry(app: Flask, artifact_id: str) -> Any:
    with held_by(app).database.everywhere().statements() as session:
        return session.scalar(text("SELECT expires_at FROM artifacts WHERE id = :id"), {"id": artifact_id})


@pytest.mark.parametrize("end", ["placed anew", "leaves", "removed"])
def test_an_upload_is_kept_while_a_member_trains_on_it(client: KeyClient, app: Flask, end: str) -> None:
    asked = {"name": f"kept {end}", "training": TRAINING, "form": "change"}
    home = str(client.post("/api/v1/federations", json=asked).headers["Location"])
    sent = uploaded(client)
    placed = client.put(f"{home}/members/north", json={"data": {"artifact": sent}})
    assert placed.status_code == 200, placed.text
    kept = placed.get_json()["data"]["artifact"]
    assert kept != sent
    assert expiry(app, sent) is not None
    assert expiry(app, kept) is None
    assert client.post(f"{home}/rounds").status_code == 201
    job = client.post(f"{home}/rounds/1/aggregate").get_json()["links"]["job"]
    (member,) = client.get(job).get_json()["params"]["members"]
    assert member["client"] == "north"
    assert member["data"]["artifact"] not in {sent, kept}
    if end == "placed anew":
        client.put(f"{home}/members/north", json={"data": None})
    elif end == "leaves":
        assert client.delete(f"{home}/members/north").status_code in {200, 204}
    else:
        assert client.delete(home).status_code in {200, 204}
    assert expiry(app, kept) is not None


def test_an_upload_that_is_none_is_refused_by_field(client: KeyClient) -> None:
    home = str(client.post("/api/v1/federations", json={"name": "none", "training": TRAINING}).headers["Location"])
    unknown = "01890000-0000-7000-8000-000000000009"
    refused = client.put(f"{home}/members/north", json={"data": {"artifact": unknown}})
    assert refused.status_code == 422
    assert [one["pointer"] for one in refused.get_json()["errors"]] == ["/data/artifact"]
