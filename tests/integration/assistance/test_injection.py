"""Hostile texts, and a provider that does whatever they say: nothing comes of it but words."""

import json
from collections.abc import Callable

import pytest

from core.workloads.assistance.chain import Chain
from tests.integration.assistance.asking import ask
from tests.integration.assistance.conftest import KEY, Server
from tests.integration.assistance.hostile import OTHERS, TEXTS, WAYS, WISHES


def test_there_are_enough_of_them() -> None:
    assert len(set(TEXTS)) >= 60


@pytest.mark.parametrize("wish", WISHES)
def test_an_obedient_model_gets_no_tool_and_no_secret_out(
    make_chain: Callable[..., Chain], server: Server, wish: str
) -> None:
    chain = make_chain()
    for text in (way.format(x=wish) for way in WAYS):
        refuses(chain, server, text)


def test_words_that_break_out_of_their_place_get_nothing_out_either(
    make_chain: Callable[..., Chain], server: Server
) -> None:
    for text in OTHERS:
        refuses(make_chain(), server, text)


def refuses(chain: Chain, server: Server, text: str) -> None:
    """Have the provider do whatever a text says."""
    server.asked.clear()
    server.calls_tool = True
    server.text = f"Gladly: {text} {KEY}"
    told = ask(chain, text)
    assert (told["source"], told["text"]) == ("rules", "by rules")
    assert {one["outcome"] for one in told["tried"]} == {"answer_withheld", "answered"}
    assert KEY not in json.dumps(told)
    for asked in server.asked:
        assert asked.keys() <= {"model", "max_tokens", "stream", "stream_options", "system", "messages"}
        assert text not in str(asked.get("system"))
    assert len(server.asked) == 2  # both models, and nobody else


def test_a_call_of_a_tool_beside_good_words_is_dropped(
    make_chain: Callable[..., Chain], provider_name: str, server: Server
) -> None:
    server.calls_tool = True
    told = ask(make_chain(provider_name))
    assert (told["source"], told["text"].strip()) == ("model", "It tripped.")


def test_words_that_look_like_a_call_are_withheld(make_chain: Callable[..., Chain], server: Server) -> None:
    server.text = "<tool_use name='shell'>rm</tool_use>"
    assert ask(make_chain())["source"] == "rules"
