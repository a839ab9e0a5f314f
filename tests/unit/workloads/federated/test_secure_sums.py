"""Secure sums: exact though parties drop out, and a server that sees nothing of any one."""

import itertools
import json
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

import numpy as np
import pytest
from cryptography.exceptions import InvalidTag
from marshmallow import ValidationError

from core.jobs.context import JobContext, MemoryRecorder
from core.workloads.federated.party_params import PartyParams, PartyResult
from core.workloads.federated.rounds import StrategyUnfit
from core.workloads.federated.secure import field, party_jobs, server, sharing, summing
from core.workloads.federated.secure.companies import Here
from core.workloads.federated.secure.party import Party, SharesRefused
from core.workloads.federated.secure.party_jobs import PartyRefuses
from core.workloads.federated.secure_params import MOST, SecureSumParams

Elements = field.Elements


def run(**params: Any) -> dict[str, Any]:
    return summing.compute(SecureSumParams().load(params), JobContext(UUID(int=1), 1, 7, MemoryRecorder()))


def played(vectors: dict[int, Elements], threshold: int, gone: set[int], salt: bytes = b"") -> tuple[server.View, Any]:
    parties, view = [Party(place, salt + bytes([place])) for place in vectors], server.View()
    return view, server.run(Here(parties, vectors), threshold, gone, set(), view)


def as_jobs(lost: Callable[[dict[str, Any]], bool] = lambda _: False, **params: Any) -> dict[str, Any]:
    """Play each step of each party as a job of its own, some of which fail."""

    def compute(kind: str, given: Mapping[str, Any]) -> dict[str, Any]:
        assert kind == "federated.secure_party"
        asked = PartyParams().load(json.loads(json.dumps(given)))
        if lost(asked):
            raise PartyRefuses("lost")
        told = party_jobs.compute(asked, JobContext(UUID(int=2), 1, 9, MemoryRecorder()))
        return dict(PartyResult().load(json.loads(json.dumps(told))))

    recorder = MemoryRecorder()
    recorder.compute_shard = compute
    given = SecureSumParams().load({"as_jobs": True, **params})
    return summing.compute(given, JobContext(UUID(int=1), 1, 7, recorder))


def test_parties_as_jobs_come_to_the_same_sum() -> None:
    params: dict[str, Any] = {"parties": 6, "values": 7, "drop_out": 0.2, "threshold": 4}
    assert as_jobs(**params) == run(**params)


@pytest.mark.parametrize(("step", "field"), [("mask", "gone"), ("reveal", "silent")])
def test_a_party_whose_job_fails_is_lost_like_one_that_drops_out(step: str, field: str) -> None:
    result = as_jobs(lambda asked: (asked["step"], asked["place"]) == (step, 2), parties=5, values=3, threshold=4)
    assert (result[field], result["exact"]) == ([2], True)
    assert result["counted"] == (4 if step == "mask" else 5)


@pytest.mark.parametrize("step", ["share", "mask", "reveal"])
def test_too_many_failed_jobs_abort_the_sum(step: str) -> None:
    with pytest.raises(server.SecureSumAborted):
        as_jobs(lambda asked: asked["step"] == step and asked["place"] < 3, parties=5, values=3, threshold=4)


def test_a_party_refuses_to_unmask_another_and_shares_that_were_changed() -> None:
    def ask(**given: Any) -> dict[str, Any]:
        asked = PartyParams().load({"place": 1, "secret": "0a" * 32, **given})
        return party_jobs.compute(asked, JobContext(UUID(int=2), 1, 9, MemoryRecorder()))

    keys = {"1": ask(step="keys")["keys"], "2": ask(step="keys", secret="0b" * 32)["keys"]}
    sealed = ask(step="share", place=2, secret="0b" * 32, keys=keys)["sealed"]["1"]
    ours = ask(step="share", keys=keys)["sealed"]["1"]
    inbox = {"1": ours, "2": sealed}
    assert set(ask(step="reveal", keys=keys, inbox=inbox, came=[1, 2])["seeds"]) == {"1", "2"}
    for change in ({"gone": [2]}, {"came": [1]}, {"inbox": {**inbox, "2": sealed[:-2] + "00"}}, {"came": [1, 3]}):
        with pytest.raises(PartyRefuses):
            ask(**{"step": "reveal", "keys": keys, "inbox": inbox, "came": [1, 2], **change})


def test_sums_are_exact_and_within_what_rounding_may_do() -> None:
    result = run(vectors=[[1.0, 2.5], [-3.0, 4.0], [10.0, 0.125]])
    assert (result["sum"], result["exact"], result["largest_error"]) == ([8.0, 6.625], True, 0.0)


@pytest.mark.parametrize(("drop_out", "silent"), [(0.0, 0.0), (0.3, 0.0), (0.1, 0.2)])
def test_it_survives_that_three_in_ten_are_lost(drop_out: float, silent: float) -> None:
    result = run(parties=10, values=50, drop_out=drop_out, fall_silent=silent, threshold=7)
    assert result["counted"] == 10 - len(result["gone"])
    assert len(result["gone"]) + len(result["silent"]) == round(10 * (drop_out + silent))
    assert result["exact"]
    assert 0.0 < result["largest_error"] <= result["error_bound"]
    assert run(parties=10, values=50, drop_out=drop_out, fall_silent=silent, threshold=7) == result


@pytest.mark.parametrize("loss", [{"drop_out": 0.4}, {"drop_out": 0.2, "fall_silent": 0.2}])
def test_one_party_below_the_threshold_nothing_is_told(loss: dict[str, float]) -> None:
    assert run(parties=10, values=5, threshold=6, **loss)["exact"]
    with pytest.raises(server.SecureSumAborted, match=r"6 parties .*, 7 are needed"):
        run(parties=10, values=5, threshold=7, **loss)


def test_fewer_shares_than_the_threshold_fit_every_secret_equally() -> None:
    """All polynomials over a small field: what two of three shares are does not depend on the secret."""
    prime, threshold = 7, 3
    seen = []
    for secret in range(prime):
        tables = Counter(
            tuple(sharing.share(secret, 3, threshold, iter(drawn).__next__, prime)[:2])
            for drawn in itertools.product(range(prime), repeat=threshold - 1)
        )
        seen.append(tables)
    assert all(one == seen[0] for one in seen)
    assert set(seen[0].values()) == {1}
    assert len(seen[0]) == prime**2


def test_any_threshold_of_shares_tell_the_secret() -> None:
    shares = sharing.share(12345, 6, 3, iter([99, 2**500]).__next__)
    for some in itertools.combinations(range(6), 3):
        assert sharing.secret_of({place + 1: shares[place] for place in some}) == 12345
    assert sharing.secret_of({1: shares[0], 2: shares[1]}) != 12345


def test_the_servers_view_of_two_inputs_with_one_sum_has_one_distribution() -> None:
    """Masked vectors are uniform whatever they hide: by octants of the field, over many keys."""
    one = {1: [0] * 400, 2: [5] * 400, 3: [7] * 400}
    other = {1: [1 << 60] * 400, 2: [12 - (1 << 60)] * 400, 3: [0] * 400}
    for given in (one, other):
        vectors = {place: np.array(row, dtype=object) % field.PRIME for place, row in given.items()}
        encoded = {place: row.astype(np.uint64) for place, row in vectors.items()}
        octants = np.zeros((3, 8))
        for salt in range(10):
            view, total = played(encoded, 2, set(), bytes([salt]))
            assert (total == 12).all()
            for place, masked in view.masked.items():
                octants[place - 1] += np.bincount((masked >> np.uint64(58)).astype(int), minlength=8)
        squares = ((octants - 500) ** 2 / 500).sum(axis=1)
        assert (squares < 30).all()  # chi-square with 7 degrees: 1e-4 beyond 29.9


def test_a_server_with_too_few_shares_takes_no_mask_off() -> None:
    vectors = {place: field.encode(np.full(20, float(place)), 10) for place in range(1, 6)}
    view, total = played(vectors, 4, {5})
    assert field.decode(total, 10) == pytest.approx(np.full(20, 10.0))
    view.seeds[1] = dict(sorted(view.seeds[1].items())[:3])
    wrong = field.decode(server.unmask(view, 4), 10)
    assert np.abs(wrong - 10.0).min() > 1e6


def test_no_party_tells_both_secrets_of_another_nor_answers_too_few() -> None:
    view, _ = played({place: field.encode(np.ones(2), 4) for place in (1, 2, 3)}, 2, {3})
    assert set(view.seeds) == {1, 2}
    assert set(view.private) == {3}
    party = Party(1, b"1")
    with pytest.raises(SharesRefused):
        party.reveal({1, 2}, {2, 3}, 2)
    with pytest.raises(SharesRefused):
        party.reveal({1}, {2, 3}, 2)


def test_shares_that_were_changed_on_their_way_are_refused() -> None:
    parties = [Party(place, bytes([place])) for place in (1, 2, 3)]
    keys = {one.place: one.public_keys() for one in parties}
    sealed = parties[0].sealed_shares(keys, 2)[2]
    with pytest.raises(InvalidTag):
        parties[1].receive(1, sealed[:-1] + bytes([sealed[-1] ^ 1]), keys[1][1])


def test_values_that_could_wrap_around_are_refused_at_the_limit() -> None:
    bound = field.largest(3, 24)
    assert run(vectors=[[bound], [bound], [bound]])["exact"]
    with pytest.raises(StrategyUnfit) as caught:
        run(vectors=[[0.0], [-bound * 1.0001], [0.0]])
    assert caught.value.errors[0].pointer == "/params/vectors/1/0"


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"parties": 2}, "parties"),
        ({"parties": MOST + 1}, "parties"),
        ({"parties": 10, "threshold": 5}, "threshold"),
        ({"parties": 10, "threshold": 11}, "threshold"),
        ({"vectors": [[1.0], [1.0, 2.0], [1.0]]}, "vectors"),
        ({"parties": 200, "values": 100_001}, "values"),
        ({"fraction_bits": 41}, "fraction_bits"),
        ({"drop_out": 1.1}, "drop_out"),
        ({"as_jobs": True, "parties": 51}, "as_jobs"),
        ({"as_jobs": True, "values": 20_001}, "as_jobs"),
    ],
)
def test_bad_params_are_refused_by_field(change: dict[str, Any], where: str) -> None:
    with pytest.raises(ValidationError) as caught:
        run(**change)
    assert set(caught.value.messages_dict) == {where}
