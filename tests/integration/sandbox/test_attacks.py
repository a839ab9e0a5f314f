"""Every attack is held, and every one succeeds once its wall is taken away."""

import pytest

from core.workloads.code.sandbox.asking import Sandbox
from tests.integration.sandbox.attacks import ATTACKS
from tests.integration.sandbox.attacks.base import Attack
from tests.integration.sandbox.conftest import perform

BY_NAME = {attack.name: attack for attack in ATTACKS}
HELD_BY_SOMETHING = [attack for attack in ATTACKS if attack.walls or attack.loosened]


def test_the_set_is_as_large_as_was_promised() -> None:
    assert len(BY_NAME) == len(ATTACKS)
    assert sum(attack.language == "python" for attack in ATTACKS) >= 42
    assert sum(attack.language == "c" for attack in ATTACKS) >= 20


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.name)
def test_an_attack_is_held(sandbox: Sandbox, attack: Attack) -> None:
    ending = perform(sandbox, attack, limits=attack.limits)

    assert not attack.broke(ending), ending


@pytest.mark.parametrize("attack", HELD_BY_SOMETHING, ids=lambda attack: attack.name)
def test_an_attack_succeeds_without_its_wall(sandbox: Sandbox, attack: Attack) -> None:
    ending = perform(sandbox, attack, without=attack.walls, limits=attack.loosened or attack.limits)

    assert attack.broke(ending), ending
