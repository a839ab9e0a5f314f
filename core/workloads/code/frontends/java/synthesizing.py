"""What records and enums have without saying so, written as Java."""

from core.workloads.code.frontends.java.declarations import ClassDecl, FieldDecl, Member, MethodDecl, Param
from core.workloads.code.frontends.java.diagnosing import Report
from core.workloads.code.frontends.java.lexer import tokens
from core.workloads.code.frontends.java.parser import parse
from core.workloads.code.frontends.java.phrases import Declarator
from core.workloads.code.frontends.java.syntax import TypeNode

_ENUM = """class $ {{
    private static final {name}[] $VALUES = {{ {constants} }};
    public static {name}[] values() {{ return $VALUES.clone(); }}
    public static {name} valueOf(String name) {{
        for ({name} one : $VALUES) if (one.name().equals(name)) return one;
        throw new IllegalArgumentException("No enum constant {path}." + name);
    }}
}}"""
_RECORD = """class $ {{
    public String toString() {{ return "{name}[" + {shown} "]"; }}
    public int hashCode() {{ int result = 0; {hashed} return result; }}
    public boolean equals(Object o) {{
        if (!(o instanceof {name})) return false;
        {name} other = ({name}) o;
        return {compared};
    }}
    {accessors}
}}"""
PRIVATE_FINAL = frozenset({"private", "final"})


def complete(one: ClassDecl, path: str) -> None:
    """Add the members that a record or an enum has by itself; `path` is its name with those of the classes around."""
    if one.kind == "enum":
        for method in _methods(one):
            if method.name == "<init>":
                method.params = [*_enum_params(method), *method.params]
        constants = ", ".join(constant.name for constant in one.constants)
        one.members += _members(_ENUM.format(name=one.name, path=path, constants=constants), one)
    if one.kind == "record":
        _complete_record(one)


def _methods(one: ClassDecl) -> list[MethodDecl]:
    return [member for member in one.members if isinstance(member, MethodDecl)]


def _enum_params(at: MethodDecl | ClassDecl) -> list[Param]:
    """Give the parameters that each constructor of an enum has in front."""
    return [Param(at.at, "$name", TypeNode(at.at, "String")), Param(at.at, "$ordinal", TypeNode(at.at, "int"))]


def default_params(one: ClassDecl) -> list[Param]:
    """Give the parameters of a constructor that is not written."""
    if one.kind == "enum":
        return _enum_params(one)
    return one.components if one.kind == "record" else []


def _complete_record(one: ClassDecl) -> None:
    names = [component.name for component in one.components]
    text = _RECORD.format(
        name=one.name,
        shown="".join(f'"{", " if place else ""}{name}=" + {name} + ' for place, name in enumerate(names)),
        hashed=" ".join(f"result = result * 31 + $Records.hash({name});" for name in names),
        compared=" && ".join(f"$Records.same({name}, other.{name})" for name in names) or "true",
        accessors=" ".join(f"public Object {name}() {{ return {name}; }}" for name in names),
    )
    written = {(method.name, len(method.params)) for method in _methods(one)}
    made = [member for member in _members(text, one) if isinstance(member, MethodDecl)]
    accessors = dict(zip(names, made[3:], strict=True))
    for component in one.components:
        accessors[component.name].type = component.type
    one.members += [member for member in made if (member.name, len(member.params)) not in written]
    fields: list[Member] = []
    for component in one.components:
        assert component.type is not None
        variable = Declarator(component.at, component.name, 0, None)
        fields.append(FieldDecl(component.at, PRIVATE_FINAL, component.type, [variable]))
    one.members = [*fields, *one.members]


def _members(text: str, at: ClassDecl) -> list[Member]:
    report = Report()
    found = parse(list(tokens(text, report)), report).classes[0].members
    assert not report.failed, report.found
    for member in found:
        member.at = at.at
    return found
