"""Instances that follow from a data type, written as a programmer would write them."""

from core.workloads.code.frontends.base import Phase
from core.workloads.code.frontends.haskell.problems import At, Refusal
from core.workloads.code.frontends.haskell.syntax import ConstructorDeclaration, Data

DERIVABLE = ("Eq", "Ord", "Show", "Enum", "Bounded")


def derive(data: Data, class_name: str, at: At) -> str:
    """Give the source of an instance; raises `Refusal` for a class that no type can be in of itself."""
    if class_name not in DERIVABLE:
        message = f"{class_name} cannot be derived here"
        raise Refusal(Phase.SEMANTIC, at, message, f"write an instance; derived are {', '.join(DERIVABLE)}")
    if class_name in ("Enum", "Bounded") and any(one.fields for one in data.constructors):
        message = f"{class_name} cannot be derived for {data.name}, whose constructors have fields"
        raise Refusal(Phase.SEMANTIC, at, message, "write an instance")
    head = f"({' '.join([data.name, *data.params])})"
    context = f"({', '.join(f'{class_name} {param}' for param in data.params)}) => " if data.params else ""
    lines = _WAYS[class_name](data)
    return f"instance {context}{class_name} {head} where\n" + "".join(f"  {line}\n" for line in lines)


def _pattern(one: ConstructorDeclaration, stem: str) -> str:
    return f"({' '.join([one.name, *(f'{stem}{place}' for place in range(len(one.fields)))])})"


def _eq(data: Data) -> list[str]:
    found = []
    for one in data.constructors:
        tests = [f"a{place} == b{place}" for place in range(len(one.fields))]
        found.append(f"{_pattern(one, 'a')} == {_pattern(one, 'b')} = {' && '.join(tests) or 'True'}")
    return [*found, *(["_ == _ = False"] if len(found) > 1 else [])]


def _ord(data: Data) -> list[str]:
    found = []
    for one in data.constructors:
        tests = [f"compare a{place} b{place}" for place in range(len(one.fields))]
        body = tests[-1] if tests else "EQ"
        for test in reversed(tests[:-1]):
            body = f"thenCompare ({test}) ({body})"
        found.append(f"compare {_pattern(one, 'a')} {_pattern(one, 'b')} = {body}")
    if len(found) > 1:
        found.append("compare a b = compareInt (constructorNumber a) (constructorNumber b)")
    return found


def _show(data: Data) -> list[str]:
    found = []
    for one in data.constructors:
        if not one.fields:
            found.append(f'showsPrec _ {one.name} = showString "{one.name}"')
        elif one.labels:
            inner = ' . showString ", " . '.join(
                f'showString "{label} = " . showsPrec 0 a{place}' for place, label in enumerate(one.labels)
            )
            text = f'showString "{one.name} {{" . {inner} . showString "}}"'
            found.append(f"showsPrec d {_pattern(one, 'a')} = showParen (d > 10) ({text})")
        else:
            inner = ' . showString " " . '.join(f"showsPrec 11 a{place}" for place in range(len(one.fields)))
            found.append(f'showsPrec d {_pattern(one, "a")} = showParen (d > 10) (showString "{one.name} " . {inner})')
    return found


def _enum(data: Data) -> list[str]:
    last = data.constructors[-1].name
    found = ["fromEnum a = constructorNumber a"]
    found += [f"toEnum {place} = {one.name}" for place, one in enumerate(data.constructors)]
    found.append(f'toEnum _ = error "toEnum: no such constructor of {data.name}"')
    found.append(f"enumFrom a = enumFromTo a {last}")
    first = data.constructors[0].name
    found.append(f"enumFromThen a b = enumFromThenTo a b (if fromEnum b >= fromEnum a then {last} else {first})")
    return found


def _bounded(data: Data) -> list[str]:
    return [f"minBound = {data.constructors[0].name}", f"maxBound = {data.constructors[-1].name}"]


_WAYS = {"Eq": _eq, "Ord": _ord, "Show": _show, "Enum": _enum, "Bounded": _bounded}
