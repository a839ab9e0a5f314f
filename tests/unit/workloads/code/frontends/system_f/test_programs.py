"""Programs staged by feature, most of them those of Pierce's book: normal form, type and value.

`valid.txt` has a program a line and the last line that it prints; `@church` stands for the definitions in `church.f`.
"""

from pathlib import Path

import pytest

from core.workloads.code.frontends.system_f.front_end import FRONT_END
from core.workloads.code.frontends.system_f.printing import show_term, show_type
from core.workloads.code.frontends.system_f.reducing import Reduction
from core.workloads.code.frontends.system_f.syntax import Abbreviation, Binding, Evaluation
from core.workloads.code.frontends.system_f.unit import Phases, analyze, translate
from tests.unit.workloads.code.frontends.functional.staged import outcomes, ran

HERE = Path(__file__).parent
CHURCH = (HERE / "church.f").read_text()
PROGRAMS = [line.split(" ⇒ ") for line in (HERE / "valid.txt").read_text().splitlines() if not line.startswith("#")]
SOME = PROGRAMS[::45]


def whole(source: str) -> str:
    return source.replace("@church ", CHURCH)


def normal_form(phases: Phases) -> str:
    """Give the normal form of the last term and its type, found without the Engine."""
    assert phases.checked is not None
    definitions = [(one.name, one.term) for one in phases.statements[:-1] if isinstance(one, Binding)]
    last, type_ = phases.statements[-1], phases.checked.types[-1]
    assert isinstance(last, Evaluation)
    assert type_ is not None
    return f"{show_term(Reduction().normal(last.term, definitions))} : {show_type(type_)}"


def test_there_are_as_many_programs_as_there_should_be() -> None:
    assert len(PROGRAMS) >= 180


def test_normal_forms_and_types_are_those_expected() -> None:
    wrong = []
    for source, expected in PROGRAMS:
        found = normal_form(analyze(whole(source)))
        if found != expected:
            wrong.append((source, found))
    assert wrong == []


def test_a_normal_form_has_the_same_type_and_is_its_own_normal_form() -> None:
    wrong = []
    for source, expected in PROGRAMS:
        phases = analyze(whole(source))
        shortened = ("option omega;" if phases.omega else "") + "".join(
            f"{one.name} = {show_type(one.type)};" for one in phases.statements if isinstance(one, Abbreviation)
        )
        term, _, type_ = expected.partition(" : ") if " : " not in expected.rpartition(" : ")[0] else ("", "", "")
        if term and normal_form(analyze(f"{shortened} ({term}) as {type_};")) != expected:
            wrong.append(source)
    assert wrong == []


@pytest.mark.parametrize(("source", "expected"), SOME)
def test_a_program_prints_the_same_wherever_it_runs(source: str, expected: str) -> None:
    module = translate(whole(source)).module
    assert module is not None
    for where, (printed, trap) in outcomes(module, (4, 3, 2, 0)):
        assert (printed.splitlines()[-1], trap) == (expected, ""), where


@pytest.mark.deep
@pytest.mark.parametrize(("source", "expected"), PROGRAMS)
def test_every_program_prints_the_same_with_any_number_of_registers(source: str, expected: str) -> None:
    module = translate(whole(source)).module
    assert module is not None
    for where, (printed, trap) in outcomes(module, (4, 3, 2, 1, 0)):
        assert (printed.splitlines()[-1], trap) == (expected, ""), where


def test_note_g_gives_the_fourth_number_of_bernoulli() -> None:
    printed, trap = ran(FRONT_END, (HERE / "note_g.f").read_text())
    last = "{neg=true, above=1, below=30} : {neg:Bool, above:Nat, below:Nat}"
    assert (printed.splitlines()[-4:], trap) == (["true : Bool", "1 : Nat", "30 : Nat", last], "")
