"""Arrays: entries of a document that stand for one element of each of their dimensions, written out as such.

An entry `by: [region]` becomes one for each region, called `people[north]`; in its equation `region` is the element
that it is of. So whatever computes a model knows plain names alone.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import reduce
from itertools import product
from typing import Any

from core.workloads.simulation.expressions.faults import ExpressionFault
from core.workloads.simulation.expressions.functions import OVER
from core.workloads.simulation.expressions.parsing import parse
from core.workloads.simulation.expressions.tree import Element, Name, Number, Operation, Tree
from core.workloads.simulation.faults import Faults
from core.workloads.simulation.naming import element_name
from core.workloads.simulation.spelling import suggestion

SECTIONS = ("stocks", "flows", "auxiliaries", "parameters", "noises", "delays")
"""Whose entries may be arrays."""
MOST_WRITTEN = 50_000
"""Parts of all equations of a model once sums over dimensions are written out."""

At = Mapping[str, str]
"""Of which element an entry is, by dimension."""


@dataclass(slots=True)
class Arrays:
    """What is an array over which dimensions."""

    dimensions: Mapping[str, Sequence[str]]
    by: Mapping[str, Sequence[str]]
    _written: int = field(default=0)

    def read(self, text: str, at: At) -> Tree:
        """Read an equation of an element, without subscripts and sums over dimensions; raises `ExpressionFault`."""
        return self._resolve(parse(text), at)

    def _resolve(self, tree: Tree, at: At) -> Tree:
        self._written += 1
        if self._written > MOST_WRITTEN:
            raise ExpressionFault(f"written out, all equations have more than {MOST_WRITTEN:,} parts.", tree.at)
        if isinstance(tree, Element):
            return Name(element_name(tree.name, self._elements(tree, at)), tree.at)
        if isinstance(tree, Name) and tree.name in self.by:
            raise ExpressionFault(f"{tree.name!r} is an array: {element_name(tree.name, self.by[tree.name])}.", tree.at)
        if not isinstance(tree, Operation):
            return tree
        if tree.operator in OVER and len(tree.operands) > 1:
            return self._over(tree, at)
        return Operation(tree.operator, tuple(self._resolve(operand, at) for operand in tree.operands), tree.at)

    def _elements(self, tree: Element, at: At) -> Iterator[str]:
        dimensions = self.by.get(tree.name)
        if dimensions is None:
            raise ExpressionFault(f"there is no array {tree.name!r}{suggestion(tree.name, self.by)}", tree.at)
        if len(dimensions) != len(tree.subscripts):
            raise ExpressionFault(f"{tree.name!r} takes {len(dimensions)} subscripts.", tree.at)
        for dimension, subscript in zip(dimensions, tree.subscripts, strict=True):
            element = at.get(subscript, subscript)
            if element not in self.dimensions[dimension]:
                told = suggestion(element, self.dimensions[dimension])
                if element in self.dimensions:
                    told = f"; {element!r} stands for none here: sum({element}, …) goes over all."
                raise ExpressionFault(f"{element!r} is no element of {dimension!r}{told}", tree.at)
            yield element

    def _over(self, tree: Operation, at: At) -> Tree:
        dimension, inner = tree.operands
        if not isinstance(dimension, Name) or dimension.name not in self.dimensions:
            raise ExpressionFault(f"{tree.operator!r} takes a dimension, and what is computed for each.", tree.at)
        parts = [self._resolve(inner, {**at, dimension.name: one}) for one in self.dimensions[dimension.name]]
        if tree.operator in {"smallest", "largest"}:
            operator = "min" if tree.operator == "smallest" else "max"
            return reduce(lambda one, other: Operation(operator, (one, other), tree.at), parts)
        total: Tree = reduce(lambda one, other: Operation("+", (one, other), tree.at), parts)
        return total if tree.operator == "sum" else Operation("/", (total, Number(float(len(parts)))), tree.at)


def check(document: Mapping[str, Any], most: int, faults: Faults) -> None:
    """Note dimensions that are none, parameters of which an element has no value, and documents that are too large."""
    dimensions, count = document["dimensions"], 0
    for name, elements in dimensions.items():
        for place, element in enumerate(elements):
            if element in elements[:place] or element in dimensions:
                faults.add(("dimensions", name, place), "Its name is taken.")
    for section in SECTIONS:
        for name, entry in document[section].items():
            unknown = [one for one in entry["by"] if one not in dimensions]
            if unknown or len(set(entry["by"])) < len(entry["by"]):
                told = suggestion(unknown[0], dimensions) if unknown else "."
                faults.add((section, name, "by"), f"Give dimensions, each once{told}")
                continue
            places = list(_places(entry, dimensions))
            count += len(places)
            if section == "parameters":
                _check_values(name, entry, [",".join(at.values()) for at in places], faults)
    if count > most:
        faults.add(("stocks",), f"A model has at most {most} names, elements of arrays counted.")


def written_out(document: Mapping[str, Any]) -> dict[str, Any]:
    """Return a checked document with an entry for each element; `at` says which it is, `arrays` what was an array."""
    dimensions = document["dimensions"]
    by = {name: entry["by"] for section in SECTIONS for name, entry in document[section].items() if entry["by"]}
    made = {
        section: {
            element_name(name, at.values()) if at else name: _entry(entry, at, by)
            for name, entry in document[section].items()
            for at in _places(entry, dimensions)
        }
        for section in SECTIONS
    }
    conserved = [[one for name in group for one in _all_of(name, by, dimensions)] for group in document["conserved"]]
    return {**document, **made, "conserved": conserved, "arrays": by}


def of(document: Mapping[str, Any]) -> Arrays:
    """Return the arrays of a document that was written out."""
    return Arrays(document["dimensions"], document["arrays"])


def _places(entry: Mapping[str, Any], dimensions: Mapping[str, Sequence[str]]) -> Iterator[dict[str, str]]:
    for elements in product(*(dimensions[one] for one in entry["by"])):
        yield dict(zip(entry["by"], elements, strict=True))


def _entry(entry: Mapping[str, Any], at: At, by: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    made = {**entry, "at": at}
    for end in ("source", "target"):
        if entry.get(end) is not None:
            made[end] = _stock(entry[end], at, by)
    if "values" in entry:
        made["value"] = entry["values"].get(",".join(at.values()), entry["value"])
    return made


def _stock(text: str, at: At, by: Mapping[str, Sequence[str]]) -> str:
    """Return the stock at a flow's end: an array over the flow's own dimensions needs no subscripts."""
    name, _, subscripts = text.rstrip().removesuffix("]").partition("[")
    if subscripts:
        return element_name(name, (at.get(one.strip(), one.strip()) for one in subscripts.split(",")))
    return element_name(name, (at[one] for one in by[name])) if set(by.get(name, ("",))) <= set(at) else text


def _all_of(name: str, by: Mapping[str, Sequence[str]], dimensions: Mapping[str, Sequence[str]]) -> list[str]:
    if name not in by:
        return [name]
    return [element_name(name, elements) for elements in product(*(dimensions[one] for one in by[name]))]


def _check_values(name: str, entry: Mapping[str, Any], elements: Sequence[str], faults: Faults) -> None:
    for given in entry["values"]:
        if given not in elements:
            faults.add(
                ("parameters", name, "values", given), f"It is no element of {name!r}{suggestion(given, elements)}"
            )
    missing = [one for one in elements if one not in entry["values"]]
    if entry["value"] is None and missing:
        told = f"Nothing is given for {missing[0]}." if entry["by"] else "Missing data for required field."
        faults.add(("parameters", name, "value"), told)
