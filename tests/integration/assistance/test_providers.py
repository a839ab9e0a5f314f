"""Both wire formats, with every fault that a provider may have: an answer comes all the same, and says whose it is."""

from collections.abc import Callable

import pytest

from core.platform.breakers.base import Circuit
from core.workloads.assistance.chain import Chain
from tests.integration.assistance.asking import ask
from tests.integration.assistance.conftest import _FAULTS, KEY, STATUSES, Hands, Server


def test_a_model_answers_and_is_named(make_chain: Callable[..., Chain], provider_name: str, server: Server) -> None:
    told = ask(make_chain(provider_name))
    assert (told["text"].strip(), told["source"], told["model"]) == ("It tripped.", "model", "claude-sonnet-5-5")
    assert told["cost_usd"] == "0.0007"  # 100 x 2 + 50 x 10 dollars a million
    (asked,) = server.asked
    assert (asked["model"], asked["stream"], asked["max_tokens"]) == ("claude-sonnet-5-5", True, 200)
    assert "tools" not in asked


def test_the_key_is_sent_as_the_provider_wants_it(
    make_chain: Callable[..., Chain], provider_name: str, server: Server
) -> None:
    ask(make_chain(provider_name))
    sent = server.headers[0]
    assert sent.get("x-api-key") == KEY or sent.get("authorization") == f"Bearer {KEY}"


@pytest.mark.parametrize("fault", [*STATUSES, "hangs up", *_FAULTS])
def test_whatever_fails_rules_answer_and_say_so(
    make_chain: Callable[..., Chain], provider_name: str, server: Server, fault: str
) -> None:
    server.fault = fault
    told = ask(make_chain(provider_name))
    assert (told["text"], told["source"], told["model"]) == ("by rules", "rules", None)
    assert [one["source"] for one in told["tried"]] == ["model", "cheaper_model", "rules"]
    assert "claude-sonnet-5-5: provider_" in told["reason"]


def test_what_nobody_has_priced_is_not_asked(make_chain: Callable[..., Chain], server: Server, clock: Hands) -> None:
    chain = make_chain()
    clock.move(-400 * 86_400)
    assert ask(chain)["reason"] == "claude-sonnet-5-5: model_unpriced; claude-haiku-5-5: model_unpriced"
    assert server.asked == []


def test_the_same_question_costs_once(make_chain: Callable[..., Chain], server: Server, clock: Hands) -> None:
    chain = make_chain()
    ask(chain)
    told = ask(chain)
    assert (told["source"], told["text"].strip(), told["cost_usd"]) == ("cache", "It tripped.", "0")
    clock.move(3601)
    assert ask(chain)["source"] == "model"
    assert len(server.asked) == 2


def test_ten_minutes_of_outage_are_answered_by_rules_and_end_by_themselves(
    make_chain: Callable[..., Chain], server: Server, clock: Hands
) -> None:
    chain = make_chain(cheaper=False)
    server.fault = "broken"
    for number in range(60):
        told = ask(chain, f"text {number}")
        assert (told["source"], told["text"]) == ("rules", "by rules")
        assert told["reason"].startswith("claude-sonnet-5-5: ")
        clock.move(10)
    assert len(server.asked) == 5 + 9  # until it opened, then one probe a minute
    server.fault = None
    clock.move(60)
    assert ask(chain)["source"] == "model"
    assert chain.breakers.standings()[0].circuit is Circuit.CLOSED


def test_personal_data_stays_here_and_comes_back_in_the_answer(
    make_chain: Callable[..., Chain], server: Server
) -> None:
    server.text = "Write to [PERSONAL-1]."
    told = ask(make_chain(), "Complaints to ada@example.org or +358 40 1234567, account FI21 1234 5600 0007 85.")
    assert told["text"].strip() == "Write to ada@example.org."
    said = str(server.asked[0])
    assert [word for word in ("ada@", "1234567", "FI21") if word in said] == []
