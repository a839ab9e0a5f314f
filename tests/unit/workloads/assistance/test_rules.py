"""What rules answer: plain, correct, and the same each time."""

import pytest

from core.workloads.assistance.providers import causes, rules

TEXT = "The tunnel filled by noon. Two pumps ran. The third pump would not start: its breaker had tripped at 3.2 m."


def test_an_answer_is_the_sentences_that_speak_of_the_question() -> None:
    assert rules.answer("Why would the third pump not start?", TEXT).endswith("its breaker had tripped at 3.2 m.")
    assert "tunnel" not in rules.answer("third", TEXT)


def test_a_question_that_the_text_does_not_know_gets_its_summary() -> None:
    assert rules.answer("Weather?", TEXT) == rules.summarize(TEXT, 3) == TEXT


def test_a_summary_keeps_the_order_and_the_count() -> None:
    assert rules.summarize("One pump. A pump, a pump! Nothing else?", 2) == "One pump. A pump, a pump!"


@pytest.mark.parametrize("text", [" ", "\n", "…", "a" * 100_000, "3.2 " * 25_000, ". " * 50_000])
def test_any_text_is_answered(text: str) -> None:
    assert len(rules.answer("what is it", text)) <= len(text)


def test_every_cause_is_told_with_advice() -> None:
    for code in (*causes.CAUSES, "nobody_knows"):
        said = causes.explain("causal.discover", code, "no room", 3, 3)
        assert "causal.discover" in said
        assert "3 of 3" in said
        assert "no room" in said
