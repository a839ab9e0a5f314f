"""A stock-and-flow model that fits together: equations read, names known, loops refused, units alike.

Light: the web process builds each model that is submitted, to name what is wrong with it and where.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from core.workloads.simulation import delays, ordering, subscripts
from core.workloads.simulation.document import SECTIONS
from core.workloads.simulation.expressions.dimensions import Measure, Open, Scope, fits, measure
from core.workloads.simulation.expressions.faults import ExpressionFault
from core.workloads.simulation.expressions.functions import FUNCTIONS
from core.workloads.simulation.expressions.parsing import COMPARISONS, WORDS
from core.workloads.simulation.expressions.tree import Name, Operation, Tree, names_in
from core.workloads.simulation.faults import Faults, Path
from core.workloads.simulation.naming import declared_name
from core.workloads.simulation.spelling import suggestion
from core.workloads.simulation.subscripts import Arrays
from core.workloads.simulation.units import Unit, read_unit

_SIGNS = {"+", "-", "*", "/", "^", "negative", *COMPARISONS, *WORDS}


@dataclass(frozen=True, slots=True)
class Flow:
    """Between which stocks; None is the outside."""

    source: str | None
    target: str | None

    def leads_to_or_from(self, stock: str) -> bool:
        """Tell whether it changes a stock; from an element to itself it changes nothing."""
        return self.source != self.target and stock in {self.source, self.target}


@dataclass(frozen=True, slots=True)
class Watch:
    """A condition whose first time is told."""

    name: str
    when: Tree


@dataclass(frozen=True, slots=True)
class Model:
    """A model ready to be computed."""

    document: Mapping[str, Any]
    initials: Mapping[str, Tree]
    """Of stocks, delays and what those take at the start, each behind those that it speaks of."""
    equations: Mapping[str, Tree]
    """Of auxiliaries, flows and delays, each behind those that it speaks of."""
    flows: Mapping[str, Flow]
    watch: Sequence[Watch]
    scope: Scope
    stages: Sequence[str]
    """Of delays: stocks that nobody declared."""
    fixed: Mapping[str, Tree]
    """By fixed delay, how long it is."""

    @property
    def moving(self) -> set[str]:
        """Return flows, what is remembered, and all that they hang on."""
        found, ahead = set[str](), [*self.flows, *map(delays.inflow, self.fixed)]
        while ahead:
            name = ahead.pop()
            if name in self.equations and name not in found:
                found.add(name)
                ahead += [one.name for one in names_in(self.equations[name])]
        return found

    @property
    def stocks(self) -> list[str]:
        """Return the stocks in the order of the document, and behind them the stages of delays."""
        return [*self.document["stocks"], *self.stages]

    def equation(self, text: str) -> Tree:
        """Read another equation that speaks of this model's names; raises `ExpressionFault`."""
        tree = subscripts.of(self.document).read(text, {})
        check_names(tree, set(self.scope.names), set(self.scope.tables))
        measure(tree, self.scope)
        return tree

    def unit_of(self, name: str) -> str | None:
        """Return a name's unit as text, None where nobody gave it."""
        unit = self.scope.names[name]
        return str(unit) if isinstance(unit, Unit) else None


def build(document: Mapping[str, Any]) -> Model:
    """Check a loaded document as a whole; raises `ValidationError` with all faults, each at its place."""
    faults, arrays = Faults(declared_name), subscripts.of(document)
    _check_twice(document, faults)
    scope = _scope(document)
    flows = {name: Flow(flow["source"], flow["target"]) for name, flow in document["flows"].items()}
    _check_flows(document, flows, faults)
    reader, known = _Reader(document, arrays, faults), set(scope.names)
    initials = reader.read("stocks", "initial", {*document["parameters"], *document["stocks"]})
    written = {**reader.read("auxiliaries", "equation", known), **reader.read("flows", "equation", known)}
    delayed = {field: reader.read("delays", field, known) for field in delays.FIELDS}
    watch = _read_watch(document, arrays, scope, faults)
    faults.refuse()
    lines = delays.laid_out(document, delayed)
    delays.check_fixed(lines, document["parameters"], faults)
    equations = {**written, **lines.equations}
    ordered = ordering.ordered(equations, {name: _place(document, name) for name in equations}, faults)
    starting = {**initials, **delays.needed_at_start(lines, equations, document["noises"], faults)}
    begun = ordering.ordered(starting, {name: _place(document, name, "initial") for name in starting}, faults)
    _check_units(document, scope, initials, written, faults)
    _check_delays(scope, delayed, faults)
    _check_conserved(document, flows, faults)
    faults.refuse()
    between = {name: Flow(*ends) for name, ends in lines.flows.items()}
    return Model(document, begun, ordered, {**flows, **between}, watch, scope, lines.stages, lines.fixed)


def check_names(tree: Tree, names: set[str], tables: set[str]) -> None:
    """Raise `ExpressionFault` for the first name or function that is not there."""
    if isinstance(tree, Name):
        if tree.name not in names:
            raise ExpressionFault(f"there is no {tree.name!r}{suggestion(tree.name, names)}", tree.at)
    elif isinstance(tree, Operation):
        if tree.operator not in {*_SIGNS, *FUNCTIONS, *tables}:
            told = suggestion(tree.operator, {*FUNCTIONS, *tables})
            raise ExpressionFault(f"there is no function or table {tree.operator!r}{told}", tree.at)
        if tree.operator in tables and len(tree.operands) != 1:
            raise ExpressionFault(f"the table {tree.operator!r} takes one operand.", tree.at)
        for operand in tree.operands:
            check_names(operand, names, tables)


@dataclass(frozen=True, slots=True)
class _Reader:
    """One pass over a document's equations."""

    document: Mapping[str, Any]
    arrays: Arrays
    faults: Faults

    def read(self, section: str, field: str, known: set[str]) -> dict[str, Tree]:
        """Read one field of all entries of a section that have it."""
        trees: dict[str, Tree] = {}
        for name, entry in self.document[section].items():
            if entry[field] is not None:
                with self.faults.at(section, name, field):
                    tree = self.arrays.read(entry[field], entry["at"])
                    check_names(tree, known, set(self.document["tables"]))
                    trees[name] = tree
        return trees


def _read_watch(document: Mapping[str, Any], arrays: Arrays, scope: Scope, faults: Faults) -> list[Watch]:
    watch = []
    for place, entry in enumerate(document["watch"]):
        with faults.at("watch", place, "when"):
            tree = arrays.read(entry["when"], {})
            check_names(tree, set(scope.names), set(scope.tables))
            measure(tree, scope)
            watch.append(Watch(entry["name"], tree))
    return watch


def _place(document: Mapping[str, Any], name: str, field: str = "equation") -> Path:
    """Return where an equation is written, or the initial value of a stock or delay."""
    entry = name.partition("/")[0]
    if entry in document["delays"]:
        return ("delays", entry, "of" if field == "equation" else field)
    if entry in document["stocks"]:
        return ("stocks", entry, field)
    return ("flows" if entry in document["flows"] else "auxiliaries", entry, "equation")


def _check_twice(document: Mapping[str, Any], faults: Faults) -> None:
    seen: dict[str, str] = {}
    for section in SECTIONS:
        for name in {declared_name(one): None for one in document[section]}:
            if name in seen:
                faults.add((section, name), f"There is one of this name among {seen[name]}.")
            seen[name] = section


def _unit(text: str | None) -> Measure:
    return Open.UNKNOWN if text is None else read_unit(text)


def _scope(document: Mapping[str, Any]) -> Scope:
    time = _unit(document["time_unit"])
    names: dict[str, Measure] = {"time": time}
    for section in ("stocks", "auxiliaries", "parameters", "noises", "delays"):
        names |= {name: _unit(entry["unit"]) for name, entry in document[section].items()}
    for name, flow in document["flows"].items():
        names[name] = _unit(flow["unit"]) if flow["unit"] is not None else _of_stock(names, flow, time)
    tables = {name: (_unit(table["x_unit"]), _unit(table["y_unit"])) for name, table in document["tables"].items()}
    return Scope(names, tables, time)


def _of_stock(names: Mapping[str, Measure], flow: Mapping[str, Any], time: Measure) -> Measure:
    stock = names.get(flow["source"] or flow["target"] or "", Open.UNKNOWN)
    return stock / time if isinstance(stock, Unit) and isinstance(time, Unit) else Open.UNKNOWN


def _check_flows(document: Mapping[str, Any], flows: Mapping[str, Flow], faults: Faults) -> None:
    stocks = set(document["stocks"])
    for name, flow in flows.items():
        for field, stock in (("from", flow.source), ("to", flow.target)):
            if stock is not None and stock not in stocks:
                faults.add(("flows", name, field), f"There is no stock {stock!r}{suggestion(stock, stocks)}")
        if flow.source == flow.target and not document["flows"][name]["at"]:
            faults.add(("flows", name, "to"), "A flow leads from one stock to another, or to or from the outside.")
    for name, noise in document["noises"].items():
        if noise["every"] <= 0:
            faults.add(("noises", name, "every"), "Must be greater than 0.")


def _check_units(
    document: Mapping[str, Any],
    scope: Scope,
    initials: Mapping[str, Tree],
    equations: Mapping[str, Tree],
    faults: Faults,
) -> None:
    for name, tree in initials.items():
        _check_unit(tree, scope, scope.names[name], ("stocks", name, "initial"), faults)
    for name, tree in equations.items():
        _check_unit(tree, scope, scope.names[name], _place(document, name), faults)
    for name, flow in document["flows"].items():
        for field in ("source", "target"):
            if flow[field] is not None:
                wanted = _of_stock(scope.names, {"source": flow[field], "target": None}, scope.time)
                if not fits(wanted, scope.names[name]):
                    told = f"{scope.names[name]} does not change {flow[field]!r}, which takes {wanted}."
                    faults.add(("flows", name, "unit"), told)


def _check_unit(tree: Tree, scope: Scope, wanted: Measure, path: Path, faults: Faults) -> None:
    with faults.at(*path):
        found = measure(tree, scope)
        if not fits(found, wanted):
            faults.add(path, f"The equation gives {found}, where {wanted} is declared.")


def _check_delays(scope: Scope, delayed: delays.Trees, faults: Faults) -> None:
    for field, wanted in (("of", scope.names), ("initial", scope.names), ("time", {})):
        for name, tree in delayed[field].items():
            _check_unit(tree, scope, wanted.get(name, scope.time), ("delays", name, field), faults)


def _check_conserved(document: Mapping[str, Any], flows: Mapping[str, Flow], faults: Faults) -> None:
    for place, group in enumerate(document["conserved"]):
        for stock in group:
            if stock not in document["stocks"]:
                faults.add(("conserved", place), f"There is no stock {stock!r}.")
        for name, flow in flows.items():
            if (flow.source in group) != (flow.target in group):
                faults.add(("conserved", place), f"The flow {name!r} leads across its border.")
