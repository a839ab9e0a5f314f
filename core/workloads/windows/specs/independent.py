"""The spec of independent rows: a distribution for each variable, dependence between them by a copula."""

from collections.abc import Mapping
from typing import Any

from marshmallow import Schema, ValidationError, fields, validates_schema
from marshmallow.validate import Length, OneOf, Range

from core.jobs.kind import Number
from core.workloads.windows.specs.base import LARGEST, Spec

_REAL = Range(-LARGEST, LARGEST)
_SLACK = 1e-9
_POSITIVE = Range(1e-6, LARGEST)
FAMILIES: dict[str, dict[str, tuple[Range, float]]] = {
    "normal": {"mean": (_REAL, 0.0), "sd": (_POSITIVE, 1.0)},
    "lognormal": {"mean": (Range(-50, 50), 0.0), "sd": (Range(1e-6, 20), 1.0)},
    "gamma": {"shape": (_POSITIVE, 2.0), "scale": (_POSITIVE, 1.0)},
    "exponential": {"scale": (_POSITIVE, 1.0)},
    "poisson": {"rate": (_POSITIVE, 4.0)},
    "uniform": {"low": (_REAL, 0.0), "high": (_REAL, 1.0)},
    "beta": {"a": (_POSITIVE, 2.0), "b": (_POSITIVE, 2.0)},
    "student_t": {"df": (Range(0.1, LARGEST), 5.0), "mean": (_REAL, 0.0), "scale": (_POSITIVE, 1.0)},
    "mixture": {},
    "categorical": {},
}
"""Each family's parameters with their bounds and defaults; the last two take lists of their own."""
_LISTS = {"mixture": {"weights", "means", "sds"}, "categorical": {"probabilities", "categories"}}


class Family(Schema):
    """One variable's distribution."""

    class Meta:
        """Refuse what no family knows."""

        unknown = "raise"

    family = fields.String(required=True, validate=OneOf(list(FAMILIES)))
    mean = Number()
    sd = Number()
    shape = Number()
    scale = Number()
    rate = Number()
    low = Number()
    high = Number()
    a = Number()
    b = Number()
    df = Number()
    weights = fields.List(Number(validate=Range(0, 1)), validate=Length(1, 20))
    means = fields.List(Number(validate=_REAL), validate=Length(1, 20))
    sds = fields.List(Number(validate=_POSITIVE), validate=Length(1, 20))
    probabilities = fields.List(Number(validate=Range(0, 1)), validate=Length(1, 100))
    categories = fields.List(fields.String(validate=Length(1, 100)), validate=Length(1, 100))

    @validates_schema
    def check_parameters(self, given: Mapping[str, Any], **_: Any) -> None:
        """Refuse parameters that the family does not have, or out of their bounds."""
        name = given["family"]
        wrong = {
            one: [f"{name} has no {one}."] for one in set(given) - {"family", *FAMILIES[name], *_LISTS.get(name, ())}
        }
        for one, (bounds, _default) in FAMILIES[name].items():
            try:
                bounds(given.get(one, 1.0))
            except ValidationError as error:
                wrong[one] = [str(message) for message in error.messages]
        if wrong:
            raise ValidationError(wrong)
        _check_lists(name, given)
        if name == "uniform" and given.get("high", 1.0) <= given.get("low", 0.0):
            raise ValidationError("Must be above low.", "high")


def _check_lists(name: str, given: Mapping[str, Any]) -> None:
    if name == "mixture":
        lengths = {len(given.get(one, ())) for one in ("weights", "means", "sds")}
        if len(lengths) != 1 or lengths == {0}:
            raise ValidationError("weights, means and sds take one number each for every component.", "weights")
        _check_total(given["weights"], "weights")
    if name == "categorical":
        if not given.get("probabilities"):
            raise ValidationError("Give the probability of each category.", "probabilities")
        _check_total(given["probabilities"], "probabilities")
        if "categories" in given and len(given["categories"]) != len(given["probabilities"]):
            raise ValidationError("Name each category once.", "categories")


def _check_total(numbers: list[float], field: str) -> None:
    if abs(sum(numbers) - 1) > _SLACK:
        raise ValidationError("Must add up to 1.", field)


class Dependence(Schema):
    """How variables of one row depend on each other."""

    class Meta:
        """Refuse what is not declared."""

        unknown = "raise"

    copula = fields.String(required=True, validate=OneOf(["gaussian", "t"]))
    correlation = Number(
        load_default=0.0, validate=Range(-0.99, 0.99), metadata={"description": "Between every two variables"}
    )
    matrix = fields.List(
        fields.List(Number(validate=Range(-1, 1))),
        load_default=None,
        allow_none=True,
        metadata={"description": "Instead of one correlation: all of them"},
    )
    df = Number(load_default=5.0, validate=Range(1, 1000), metadata={"description": "Degrees of freedom of a t copula"})


class Independent(Spec):
    """Rows that do not depend on each other."""

    role = "base"

    families = fields.List(
        fields.Nested(Family),
        required=True,
        validate=Length(1, 256),
        metadata={"description": "One for each variable, or one for all"},
    )
    dependence = fields.Nested(Dependence, load_default=None, allow_none=True)

    def check(self, spec: Mapping[str, Any], variables: list[str]) -> None:
        """Refuse another number of families than there are variables, and matrices that are none."""
        if len(spec["families"]) not in {1, len(variables)}:
            raise ValidationError({"families": [f"Give one, or one for each of {len(variables)} variables."]})
        dependence = spec.get("dependence")
        if not dependence:
            return
        matrix, count = dependence["matrix"], len(variables)
        if matrix is None and dependence["correlation"] < -1 / max(1, count - 1) + 1e-9:
            raise ValidationError({"dependence": {"correlation": [f"{count} variables cannot all be that opposed."]}})
        if matrix is not None and not _is_correlation(matrix, count):
            told = f"Must be {count} rows of {count} numbers, symmetric, 1 on the diagonal, positive definite."
            raise ValidationError({"dependence": {"matrix": [told]}})


def _is_correlation(matrix: list[list[float]], count: int) -> bool:
    if len(matrix) != count or any(len(row) != count for row in matrix):
        return False
    every = range(count)
    if any(matrix[i][i] != 1 for i in every) or any(matrix[i][j] != matrix[j][i] for i in every for j in every):
        return False
    return _is_positive_definite([list(row) for row in matrix])


def _is_positive_definite(matrix: list[list[float]]) -> bool:
    """Try Cholesky's decomposition, row by row."""
    for i, row in enumerate(matrix):
        for j in range(i + 1):
            rest = row[j] - sum(row[k] * matrix[j][k] for k in range(j))
            if i == j:
                if rest <= _SLACK:
                    return False
                row[i] = rest**0.5
            else:
                row[j] = rest / matrix[j][j]
    return True


SPEC = Independent
