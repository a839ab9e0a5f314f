"""Personas: versions, and golden sets that the rules in their place get right."""

import contextlib
import json

import pytest

from core.errors import Denied
from core.workloads.assistance import governance, kinds, personas
from core.workloads.assistance.governance import AFTER, BEFORE, Step, StepDenied
from core.workloads.assistance.personas import Golden, Persona, PersonaMissing
from core.workloads.assistance.providers import steps
from core.workloads.assistance.repairing import AnswerMisshapen

CASES = [(persona, golden) for persona in personas.everyone() for golden in persona.golden]


def verdicts(step: Step, said: str, hooks: tuple[governance.Hook, ...] = AFTER) -> list[tuple[str, str]]:
    told: list[tuple[str, str]] = []
    with contextlib.suppress(AnswerMisshapen, StepDenied, Denied):
        governance.apply(hooks, step, said, lambda hook, verdict, _reason: told.append((hook, verdict)))
    return told


def test_every_persona_has_a_purpose_a_golden_set_and_rules_in_its_place() -> None:
    assert {one.id for one in personas.everyone()} >= {"drafter", "critic", "reviser", "facts", "clarity", "merger"}
    assert all(one.purpose and one.golden and not one.tools for one in personas.everyone())
    assert len({(one.id, one.version) for one in personas.everyone()}) == len(personas.everyone())


@pytest.mark.parametrize(("persona", "golden"), CASES, ids=lambda one: getattr(one, "id", None))
def test_rules_get_the_golden_set_right(persona: Persona, golden: Golden) -> None:
    said = steps.answer(persona.id, golden.instruction, golden.material)
    assert [word for word in golden.holds if word not in said] == []
    assert [word for word in golden.lacks if word in said] == []
    step = Step(persona, golden.instruction, golden.material)
    assert [verdict for _, verdict in verdicts(step, said)] == ["allow", "allow"]


def test_the_latest_version_is_meant_unless_one_is_named() -> None:
    latest = personas.find("critic")
    assert latest == personas.find("critic", latest.version)
    for unknown in (("nobody", None), ("critic", 999)):
        with pytest.raises(PersonaMissing):
            personas.find(*unknown)


def test_hooks_judge_in_their_order_and_the_first_that_denies_ends_it() -> None:
    step = Step(personas.find("critic"), "How high?", {"text": "The level is 3.2 m."})
    assert verdicts(step, 'Here it is: {"findings": ["It says 3.2."]}') == [("form", "modify"), ("figures", "allow")]
    assert verdicts(step, "There is nothing wrong.") == [("form", "deny")]
    assert verdicts(step, '{"findings": ["It should be 99.5 m."]}') == [("form", "allow"), ("figures", "deny")]
    assert verdicts(Step(step.persona, "How high?", {"text": " "}), "", BEFORE) == [
        ("tools", "allow"),
        ("material", "deny"),
    ]


@pytest.mark.parametrize("said", ['{"findings": "one"}', '{"findings": [1]}', "[]", "{}", "", '{"findings": ["cut'])
def test_what_is_no_list_of_sentences_is_refused(said: str) -> None:
    with pytest.raises(AnswerMisshapen):
        governance.findings_of(said)


def test_findings_are_bounded() -> None:
    many = json.dumps({"findings": ["x" * 10_000] * 1_000})
    found = governance.findings_of(many)
    assert (len(found), len(found[0])) == (governance.MOST_FINDINGS, governance.LONGEST_FINDING)


def test_who_reviews_nothing_is_no_reviewer() -> None:
    told = kinds.ORCHESTRATE.params().validate({"instruction": "x", "text": "y", "reviewers": ["drafter", "nobody"]})
    assert len(told["reviewers"]) == 2
