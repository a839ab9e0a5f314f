"""What `simulation.compare` takes: a run, and scenarios that change it."""

from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError, fields, validates_schema
from marshmallow.validate import Length

from core.jobs.kind import Params
from core.workloads.simulation import subjects
from core.workloads.simulation.params import RunParams, check_sizes

MOST_SCENARIOS = 10
MERGED = ("parameters", "initial", "dynamics", "agents")
"""Fields of which a scenario changes entries; of others it takes the place."""
REPLACED = ("shocks", "policies")


class RunField(fields.Field[dict[str, Any]]):
    """Params of `simulation.run`, checked and kept as they were given."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> dict[str, Any]:
        del attr, data, kwargs
        RunParams().load(value)
        return dict(value)


class ScenarioParams(Params):
    """What is different."""

    name = fields.String(required=True, validate=Length(1, 100))
    changes = fields.Dict(
        fields.String(),
        fields.Raw(),
        required=True,
        validate=Length(min=1),
        metadata={"description": f"{', '.join(MERGED)}: entries by name; {', '.join(REPLACED)}: whole lists"},
    )


class CompareParams(Params):
    """Params of `simulation.compare`."""

    base = RunField(required=True, metadata={"description": "Params of simulation.run"})
    scenarios = fields.List(fields.Nested(ScenarioParams), required=True, validate=Length(1, MOST_SCENARIOS))

    @validates_schema
    def check_scenarios(self, data: Mapping[str, Any], **_: Any) -> None:
        """Refuse scenarios that are no runs, change what all have in common, or share a name."""
        names = ["base"]
        for place, scenario in enumerate(data["scenarios"]):
            try:
                _check(data["base"], scenario, names)
            except ValidationError as error:
                raise ValidationError({"scenarios": {place: error.messages}}) from error
            names.append(scenario["name"])
        try:
            check_sizes(RunParams().load(data["base"]), sides=2 * len(data["scenarios"]) + 1)
        except ValidationError as error:
            raise ValidationError({"base": error.messages}) from error


def apply(base: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """Return params of a run as a scenario changes them, as they would be given."""
    merged = {name: {**(base.get(name) or {}), **changes[name]} for name in MERGED if name in changes}
    return {**base, **changes, **merged}


def _check(base: Mapping[str, Any], scenario: Mapping[str, Any], names: list[str]) -> None:
    if scenario["name"] in names:
        raise ValidationError({"name": ["There is another of this name."]})
    for name, change in scenario["changes"].items():
        if name not in {*MERGED, *REPLACED}:
            told = f"A scenario changes {', '.join((*MERGED, *REPLACED))}; the rest all have in common."
            raise ValidationError({"changes": {name: [told]}})
        if name in MERGED and not isinstance(change, dict):
            raise ValidationError({"changes": {name: ["Give entries by name."]}})
    try:
        changed = RunParams().load(apply(base, scenario["changes"]))
    except ValidationError as error:
        raise ValidationError({"changes": error.messages}) from error
    before = RunParams().load(base)
    if subjects.of(before).names(before) != subjects.of(changed).names(changed):
        raise ValidationError({"changes": ["What is told would not be the same."]})
