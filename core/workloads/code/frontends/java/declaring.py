"""Classes as they are declared: first their names, then what they are below, then their members."""

from collections.abc import Sequence

from core.workloads.code.frontends.java import types
from core.workloads.code.frontends.java.declarations import ClassDecl, FieldDecl, MethodDecl, Param, TypeParam
from core.workloads.code.frontends.java.diagnosing import Report
from core.workloads.code.frontends.java.lexer import tokens
from core.workloads.code.frontends.java.parser import parse
from core.workloads.code.frontends.java.phrases import Declarator
from core.workloads.code.frontends.java.relations import supertypes
from core.workloads.code.frontends.java.syntax import TypeNode
from core.workloads.code.frontends.java.synthesizing import complete, default_params
from core.workloads.code.frontends.java.types import ArrayType, ClassInfo, ClassType, Field, Method, Type, TypeVar
from core.workloads.code.frontends.java.world import Context, World

_NO_MODIFIERS: frozenset[str] = frozenset()


def declare_library(library: World, source: str) -> None:
    """Take in a source of the library."""
    report = Report()
    unit = parse(list(tokens(source, report)), report)
    assert not report.failed, report.found
    declare(library, unit.classes, unit.package)
    assert not library.report.failed, library.report.found


def declare(world: World, declarations: Sequence[ClassDecl], package: str = "") -> list[ClassInfo]:
    """Take in classes at the top of a source."""
    made = []
    for one in declarations:
        if one.name in world.classes:
            world.report.error(one.at, f"there are two classes {one.name}", "give one of them another name")
            continue
        info = announce(world, one, None, Context(None))
        info.package, info.library = package, bool(package)
        world.classes[one.name] = info
        made.append(info)
    for info in made:
        settle(world, info)
    return made


def announce(world: World, one: ClassDecl, outer: ClassInfo | None, around: Context) -> ClassInfo:
    """Make a class known by its name, with the classes within it."""
    complete(one, _path(one, outer))
    modifiers = one.modifiers
    if one.kind in ("record", "enum") or (outer is not None and (one.kind == "interface" or outer.is_interface)):
        modifiers |= {"static"}
    if one.kind == "record" or (one.kind == "enum" and not any(constant.body for constant in one.constants)):
        modifiers |= {"final"}
    if one.kind == "enum" and any(
        isinstance(item, MethodDecl) and "abstract" in item.modifiers for item in one.members
    ):
        modifiers |= {"abstract"}
    info = ClassInfo(one.name, one.kind, modifiers, one, outer)
    context = world.contexts[info] = Context(info, around=around)
    for member in one.members:
        if isinstance(member, ClassDecl):
            if member.name in info.classes:
                world.report.error(member.at, f"there are two classes {member.name}", "give one another name")
                continue
            inner = announce(world, member, info, context)
            info.classes[member.name] = inner
    return info


def _path(one: ClassDecl, outer: ClassInfo | None) -> str:
    names = [one.name]
    while outer is not None:
        names.insert(0, outer.name)
        outer = outer.outer
    return ".".join(names)


def settle(world: World, info: ClassInfo) -> None:
    """Find what a class and those within it are below, and what they have."""
    _set_heads(world, info)
    _set_members(world, info)


def _set_heads(world: World, info: ClassInfo) -> None:
    one, context = info.declaration, world.contexts[info]
    assert one is not None
    info.package, info.library = info.outermost.package, info.outermost.library
    info.params = type_variables(world, one.type_params, context)
    parents = [world.resolve(node, context) for node in one.extends]
    interfaces = [world.resolve(node, context) for node in one.implements]
    if one.kind == "interface":
        parents, interfaces = [], parents
    nodes = [*one.extends, *one.implements]
    for node, parent in zip(nodes, [*parents, *interfaces], strict=True):
        _check_parent(world, info, node, parent, as_interface=parent in interfaces)
    found = next((parent for parent in parents if isinstance(parent, ClassType) and not parent.of.is_interface), None)
    if one.kind == "enum":
        found = world.named("Enum", ClassType(info))
    elif one.kind == "record":
        found = world.named("Record")
    elif found is None and not (info.library and info.name == "Object") and one.kind != "interface":
        found = world.object()
    info.superclass = found
    info.interfaces = [parent for parent in interfaces if isinstance(parent, ClassType) and parent.of.is_interface]
    _refuse_cycle(world, info)
    for inner in info.classes.values():
        _set_heads(world, inner)


def _check_parent(world: World, info: ClassInfo, node: TypeNode, parent: Type, *, as_interface: bool) -> None:
    if not isinstance(parent, ClassType):
        if parent != types.WRONG:
            world.report.error(node.at, f"{parent} is no class", "only classes and interfaces have others below them")
        return
    if as_interface and not parent.of.is_interface:
        wanted = "an interface extends only interfaces" if info.is_interface else f"write extends {parent.of.name}"
        world.report.error(node.at, f"{parent.of.name} is a class, no interface", wanted)
    elif not as_interface and parent.of.is_interface:
        world.report.error(node.at, f"{parent.of.name} is an interface", f"write implements {parent.of.name}")
    elif "final" in parent.of.modifiers:
        world.report.error(node.at, f"{parent.of.name} is final: nothing can extend it", "use it as a field instead")


def _refuse_cycle(world: World, info: ClassInfo) -> None:
    seen, waiting = set(), [parent.of for parent in info.above()]
    while waiting:
        one = waiting.pop()
        if one is info:
            assert info.declaration is not None
            world.report.error(info.declaration.at, f"{info.name} is below itself", "a class cannot extend itself")
            info.superclass = world.object() if not info.is_interface else None
            info.interfaces = []
            return
        if one not in seen:
            seen.add(one)
            waiting += [parent.of for parent in one.above()]


def type_variables(world: World, params: Sequence[TypeParam], context: Context) -> list[TypeVar]:
    """Make type variables known, and find their bounds."""
    found = [TypeVar(one.name) for one in params]
    context.variables |= {one.name: one for one in found}
    for variable, one in zip(found, params, strict=True):
        variable.bounds = (world.object(),)
        variable.bounds = [world.resolve(node, context) for node in one.bounds] or [world.object()]
    return found


def _set_members(world: World, info: ClassInfo) -> None:
    assert info.declaration is not None
    for constant in info.declaration.constants:
        made = Field(constant.name, ClassType(info), info, static=True, final=True, private=False, public=True)
        made.at, made.initialized = constant.at, True
        info.fields[constant.name] = made
    for member in info.declaration.members:
        if isinstance(member, FieldDecl):
            _add_fields(world, info, member)
        elif isinstance(member, MethodDecl):
            _add_method(world, info, member)
    if not info.constructors and not info.is_interface:
        _add_default_constructor(world, info)
    if info.outer is not None and "static" not in info.modifiers:
        info.outer_this = Field("this$0", info.outer.type, info, static=False, final=True, private=True)
    for inner in info.classes.values():
        _set_members(world, inner)


def _add_fields(world: World, info: ClassInfo, member: FieldDecl) -> None:
    modifiers = member.modifiers | ({"static", "final", "public"} if info.is_interface else _NO_MODIFIERS)
    type_ = world.resolve(member.type, world.contexts[info])
    if type_ == types.VOID:
        world.report.error(member.type.at, "a variable cannot be void", "write the type of its values")
        type_ = types.WRONG
    for one in member.variables:
        if one.name in info.fields:
            world.report.error(one.at, f"there are two fields {one.name}", "give one of them another name")
            continue
        made = Field(
            one.name,
            with_dims(type_, one),
            info,
            static="static" in modifiers,
            final="final" in modifiers,
            private="private" in modifiers,
            public="public" in modifiers,
        )
        made.at, made.initialized = one.at, one.value is not None
        info.fields[one.name] = made


def with_dims(type_: Type, one: Declarator) -> Type:
    """Give the type of a variable with brackets behind its name."""
    for _ in range(one.dims):
        type_ = ArrayType(type_)
    return type_


def _add_method(world: World, info: ClassInfo, member: MethodDecl) -> None:
    modifiers = member.modifiers
    if info.is_interface:
        modifiers |= {"public"} if "private" not in modifiers else _NO_MODIFIERS
        modifiers |= {"abstract"} if member.body is None else _NO_MODIFIERS
    context = Context(info, around=world.contexts[info])
    variables = type_variables(world, member.type_params, context)
    params = [_param_type(world, one, context) for one in member.params]
    returns = world.resolve(member.type, context) if member.type is not None else types.VOID
    throws = [world.resolve(one, context) for one in member.throws]
    made = Method(member.name, info, params, returns, modifiers, variables, declaration=member, throws=throws)
    made.variable = bool(member.params) and member.params[-1].variable
    named = info.constructors if made.is_constructor else info.methods.setdefault(made.name, [])
    if any(list(map(str, one.params)) == list(map(str, params)) for one in named):
        world.report.error(member.at, f"{made} is declared twice", "give one of them another name or other parameters")
        return
    named.append(made)


def _param_type(world: World, one: Param, context: Context) -> Type:
    assert one.type is not None
    found = world.resolve(one.type, context)
    if found == types.VOID:
        world.report.error(one.type.at, "a parameter cannot be void", "leave the parentheses empty for no parameter")
        return types.WRONG
    return found


def _add_default_constructor(world: World, info: ClassInfo) -> None:
    assert info.declaration is not None
    context = world.contexts[info]
    params = [_param_type(world, one, context) for one in default_params(info.declaration)]
    access = frozenset({"public"}) if "public" in info.modifiers or not info.library else _NO_MODIFIERS
    info.constructors.append(Method("<init>", info, params, types.VOID, access))


def all_methods(info: ClassInfo) -> list[Method]:
    """Give the methods of a class and of all above it, its own first."""
    return [one for above in supertypes(ClassType(info)) for named in above.of.methods.values() for one in named]
