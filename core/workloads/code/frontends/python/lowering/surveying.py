"""Looking over a program before any of it is lowered: its functions, classes, and which names stand for one of them."""

import ast
from collections.abc import Iterable

from core.workloads.code.frontends.python.classes import BUILT_IN
from core.workloads.code.frontends.python.lowering.program import Class, Function, Program
from core.workloads.code.frontends.python.lowering.variables import FIRST_CELL
from core.workloads.code.frontends.words.values import UNBOUND

_DECORATORS = {"staticmethod": "static", "classmethod": "class", "property": "property"}


def survey(program: Program, tree: ast.Module) -> None:
    """Fill in the program's functions, classes and fixed names."""
    _imports(program, tree)
    for node, scope in program.scopes.items():
        if isinstance(node, ast.FunctionDef):
            program.functions[node] = _function(program, node)
        elif isinstance(node, ast.ClassDef):
            _class(program, node)
        assert scope.node is node
    _attributes(program, tree)
    _fix(program, tree)
    for function in program.functions.values():
        _defaults(program, function)


def _imports(program: Program, tree: ast.Module) -> None:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            program.imported |= {one.asname or one.name: one.name for one in node.names}
        elif isinstance(node, ast.ImportFrom):
            program.imported |= {one.asname or one.name: f"{node.module}.{one.name}" for one in node.names}
    for name in program.imported:
        program.main.bound.pop(name, None)


def _function(program: Program, node: ast.FunctionDef) -> Function:
    scope = program.scopes[node]
    number = len(program.functions) + 1
    function = Function(node, scope, f"f.{number}.{node.name}", node.name, number)
    args = node.args
    positional = [*args.posonlyargs, *args.args]
    function.positional = [one.arg for one in positional]
    function.keyword_only = [one.arg for one in args.kwonlyargs]
    function.rest = args.vararg.arg if args.vararg is not None else ""
    with_default = positional[len(positional) - len(args.defaults) :]
    function.defaults = {one.arg: value for one, value in zip(with_default, args.defaults, strict=True)}
    for one, value in zip(args.kwonlyargs, args.kw_defaults, strict=True):
        if value is not None:
            function.defaults[one.arg] = value
    return function


def _class(program: Program, node: ast.ClassDef) -> None:
    base: Class | None = None
    base_number = BUILT_IN["object"][0]
    if node.bases and isinstance(node.bases[0], ast.Name):
        base = program.classes.get(node.bases[0].id)
        base_number = base.number if base is not None else BUILT_IN.get(node.bases[0].id, (base_number, 0))[0]
    class_ = Class(node, node.name, program.class_number(), base, base_number)
    program.classes[node.name] = class_


def _attributes(program: Program, tree: ast.Module) -> None:
    """Find the attributes of each class and of its instances."""
    outside = _assigned_outside(tree)
    for class_ in program.classes.values():
        for one in class_.node.body:
            if isinstance(one, ast.FunctionDef):
                _method(program, class_, one)
            for name in _class_variables(one):
                class_.roots.setdefault(name, program.root(UNBOUND))
        found = list(class_.base.attributes) if class_.base is not None else []
        for name in [*_assigned_to_self(class_), *outside]:
            if name not in found and name not in class_.kinds:
                found.append(name)
        class_.attributes = found
    for name, attribute in _assigned_to_classes(tree):
        named = program.classes.get(name)
        if named is not None and attribute not in named.roots:
            named.roots[attribute] = program.root(UNBOUND)
            program.name_number(attribute)


def _method(program: Program, class_: Class, node: ast.FunctionDef) -> None:
    function = program.functions[node]
    function.owner = class_
    function.shown = f"{class_.name}.{node.name}"
    function.is_wanted_as_value = True
    class_.methods[node.name] = function
    program.name_number(node.name)
    for one in node.decorator_list:
        if isinstance(one, ast.Name) and one.id in _DECORATORS:
            class_.kinds[node.name] = _DECORATORS[one.id]
    if class_.kinds.get(node.name) or function.scope.free:
        class_.roots.setdefault(node.name, program.root(UNBOUND))


def _class_variables(node: ast.stmt) -> list[str]:
    match node:
        case ast.Assign(targets=targets):
            return [one.id for one in targets if isinstance(one, ast.Name)]
        case ast.AnnAssign(target=ast.Name(id=name), value=value) if value is not None:
            return [name]
    return []


def _assigned_to_self(class_: Class) -> Iterable[str]:
    for function in class_.methods.values():
        if not function.positional:
            continue
        for one in ast.walk(function.node):
            match one:
                case ast.Attribute(value=ast.Name(id=name), attr=attribute, ctx=ast.Store()):
                    if name == function.positional[0]:
                        yield attribute


def _assigned_outside(tree: ast.Module) -> list[str]:
    """List attributes that are assigned to something else than the object of a method."""
    found: dict[str, None] = {}
    classes = {one.name for one in ast.walk(tree) if isinstance(one, ast.ClassDef)}
    selves = {
        id(inner)
        for class_ in ast.walk(tree)
        if isinstance(class_, ast.ClassDef)
        for method in class_.body
        if isinstance(method, ast.FunctionDef) and method.args.args
        for inner in ast.walk(method)
        if isinstance(inner, ast.Attribute)
        and isinstance(inner.value, ast.Name)
        and inner.value.id == method.args.args[0].arg
    }
    for one in ast.walk(tree):
        match one:
            case ast.Attribute(value=ast.Name(id=name), ctx=ast.Store()) if name in classes:
                pass
            case ast.Attribute(attr=attribute, ctx=ast.Store()) if id(one) not in selves:
                found[attribute] = None
            case ast.Call(func=ast.Name(id="setattr"), args=[_, ast.Constant(value=str(attribute)), _]):
                found[attribute] = None
    return list(found)


def _assigned_to_classes(tree: ast.Module) -> Iterable[tuple[str, str]]:
    for one in ast.walk(tree):
        match one:
            case ast.Attribute(value=ast.Name(id=name), attr=attribute, ctx=ast.Store()):
                yield name, attribute


def _fix(program: Program, tree: ast.Module) -> None:
    """Find names that stand for one function or class before any statement asks for them."""
    counts: dict[str, int] = {}
    for name in _bindings(tree, program):
        counts[name] = counts.get(name, 0) + 1
    places = {
        one.name: place
        for place, one in enumerate(tree.body)
        if isinstance(one, ast.FunctionDef | ast.ClassDef) and counts.get(one.name) == 1
    }
    mentions = {
        one.name: {inner.id for inner in ast.walk(one) if isinstance(inner, ast.Name)}
        for one in tree.body
        if isinstance(one, ast.FunctionDef | ast.ClassDef)
    }
    asked: dict[str, int] = {}
    for place, one in enumerate(tree.body):
        for name in _reached(one, mentions):
            asked.setdefault(name, place)
    for place, one in enumerate(tree.body):
        if isinstance(one, ast.FunctionDef | ast.ClassDef) and places.get(one.name) == place:
            if asked.get(one.name, place) < place:
                continue
            if isinstance(one, ast.ClassDef):
                program.fixed[one.name] = program.classes[one.name]
            elif not one.decorator_list:
                program.fixed[one.name] = program.functions[one]


def _bindings(tree: ast.Module, program: Program) -> Iterable[str]:
    """Name each place where a variable of the module gets a value."""
    for node, scope in program.scopes.items():
        del node
        for one in _own_nodes(scope.node):
            names: list[str] = []
            match one:
                case ast.Name(id=name, ctx=ast.Store() | ast.Del()):
                    names = [name]
                case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
                    names = [name]
                case ast.ExceptHandler(name=str(name)):
                    names = [name]
            yield from (name for name in names if scope.is_module or name in scope.declared_global)
    del tree


def _own_nodes(node: ast.AST) -> Iterable[ast.AST]:
    """Walk a scope without those within it, which come with their names only."""
    waiting = list(ast.iter_child_nodes(node))
    while waiting:
        one = waiting.pop()
        yield one
        if not isinstance(one, ast.FunctionDef | ast.ClassDef):
            waiting += ast.iter_child_nodes(one)


def _reached(one: ast.stmt, mentions: dict[str, set[str]]) -> set[str]:
    """Name all functions and classes that running a statement of the module may ask for."""
    if isinstance(one, ast.FunctionDef):
        nodes: list[ast.AST] = [*one.args.defaults, *one.decorator_list]
    elif isinstance(one, ast.ClassDef):
        nodes = [*one.bases, *(inner for inner in one.body if not isinstance(inner, ast.FunctionDef))]
    else:
        nodes = [one]
    found: set[str] = set()
    waiting = [inner.id for node in nodes for inner in ast.walk(node) if isinstance(inner, ast.Name)]
    while waiting:
        name = waiting.pop()
        if name in mentions and name not in found:
            found.add(name)
            waiting += mentions[name]
    return found


def _defaults(program: Program, function: Function) -> None:
    """Say where defaults lie that are computed when the function is defined."""
    is_once = function.scope.parent is not None and (function.scope.parent.is_module or function.owner is not None)
    for name, value in function.defaults.items():
        if isinstance(value, ast.Constant):
            continue
        if is_once and not function.shown.startswith("<"):
            function.default_roots[name] = program.root(UNBOUND)
        else:
            function.default_places[name] = FIRST_CELL + len(function.scope.free) + len(function.default_places)
