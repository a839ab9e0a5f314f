"""The bodies of a class: its methods, its constructors, and what its fields begin with."""

from core.workloads.code.frontends.java import acts, core, phrases, syntax, types
from core.workloads.code.frontends.java.attribution.candidates import Candidate
from core.workloads.code.frontends.java.attribution.frames import Frame
from core.workloads.code.frontends.java.attribution.statements import Statements
from core.workloads.code.frontends.java.declarations import ClassDecl, EnumConstant, FieldDecl, InitBlock, MethodDecl
from core.workloads.code.frontends.java.relations import arguments
from core.workloads.code.frontends.java.types import ClassInfo, ClassType, Field, Method
from core.workloads.code.frontends.java.world import Context, World, library
from core.workloads.code.ir.instructions import Position

_SIMPLE = (syntax.Literal, syntax.Unary, syntax.Binary, syntax.Name, syntax.Select, syntax.Cast, syntax.Conditional)


class Bodies(Statements):
    """Attributes everything in a class that runs."""

    def class_bodies(self, info: ClassInfo, around: Frame | None) -> None:
        """Look at a class and those within it, from the inside of what lies around it."""
        outer = self.frame
        outside = Frame(info, False, self.world.context(info), around)
        self.starts(info, outside)
        for method in [*info.constructors, *(one for named in info.methods.values() for one in named)]:
            self.method(method, outside)
        for inner in info.classes.values():
            self.class_bodies(inner, outside)
        self.frame = outer

    def _frame(self, info: ClassInfo, outside: Frame, method: Method | None, *, static: bool) -> Frame:
        context = Context(info, around=outside.context)
        if method is not None:
            context.variables = {one.name: one for one in method.type_params}
        return Frame(info, static, context, outside.around, method)

    def library_constants(self, info: ClassInfo) -> None:
        """Find the constants of a class of the library."""
        world = library()
        outside = outside_of(world, info)
        Bodies(world, world.report, outside).constants(info, outside)

    def constants(self, info: ClassInfo, outside: Frame) -> None:
        """Find the values of final static fields that are constant."""
        assert info.declaration is not None
        for member in info.declaration.members:
            if not isinstance(member, FieldDecl):
                continue
            for one in member.variables:
                field = info.fields[one.name]
                simple = isinstance(one.value, _SIMPLE) and field.static and field.final and field.constant is None
                if simple and (isinstance(field.type, types.Primitive) or str(field.type) == "String"):
                    assert one.value is not None
                    self.frame = self._frame(info, outside, None, static=True)
                    value = self.coerce(self.value(one.value, field.type), field.type, one.name)
                    field.constant = value.value if isinstance(value, core.Const) else None
        for inner in info.classes.values():
            self.constants(inner, Frame(inner, False, self.world.context(inner), outside))

    def starts(self, info: ClassInfo, outside: Frame) -> None:
        """Look at what runs as the class or an object of it begins."""
        if info.looked_at or info.declaration is None:
            return
        info.looked_at = True
        for place, constant in enumerate(info.declaration.constants):
            self.frame = self._frame(info, outside, None, static=True)
            info.static_starts.append(self._constant(info, constant, place))
        for member in info.declaration.members:
            if isinstance(member, FieldDecl):
                for one in member.variables:
                    if one.value is not None:
                        self._field(info, info.fields[one.name], one, outside)
            elif isinstance(member, InitBlock):
                self.frame = self._frame(info, outside, None, static=member.static)
                into = info.static_starts if member.static else info.starts
                into.append(self.block(member.body))

    def _field(self, info: ClassInfo, field: Field, one: phrases.Declarator, outside: Frame) -> None:
        if field.constant is not None or one.at != field.at:
            return
        self.frame = self._frame(info, outside, None, static=field.static)
        assert one.value is not None
        value = self.coerce(self.value(one.value, field.type), field.type, one.name)
        this = core.This(one.at, info.type)
        target: core.Expr = core.StaticGet(one.at, field.type, field)
        if not field.static:
            target = core.FieldGet(one.at, field.type, this, field)
        into = info.static_starts if field.static else info.starts
        into.append(acts.Effect(one.at, core.Assign(one.at, field.type, target, value)))

    def _constant(self, info: ClassInfo, constant: EnumConstant, place: int) -> acts.Statement:
        at, field = constant.at, info.fields[constant.name]
        name, ordinal = syntax.Literal(at, "string", constant.name), syntax.Literal(at, "int", place)
        args = [name, ordinal, *constant.args]
        type_ = syntax.TypeNode(at, info.name)
        found = ClassType(info)
        if constant.body is not None:
            created = self._with_body(info, constant.body, args, at)
        else:
            created = self.made(syntax.New(at, type_, args), found, None) or self.wrong(at)
        target = core.StaticGet(at, field.type, field)
        return acts.Effect(at, core.Assign(at, field.type, target, created))

    def _with_body(self, info: ClassInfo, body: ClassDecl, args: list[syntax.Expr], at: Position) -> core.Expr:
        candidates = [Candidate(one, {}) for one in info.constructors]
        selected = self.select_method(at, "<init>", candidates, args, None)
        if selected is None:
            return self.wrong(at)
        body.extends.append(syntax.TypeNode(at, info.name))
        below = self.local_class(body, selected[0])
        return self.created(at, ClassType(info), below, below.constructors[0], selected[1])

    def method(self, method: Method, outside: Frame) -> None:
        """Look at the body of a method or constructor, if it has one."""
        node, info = method.declaration, method.owner
        if method.body is not None or (node is None and not method.is_constructor):
            return
        if node is not None and node.body is None:
            return
        self.frame = self._frame(info, outside, method, static=method.static)
        self.frame.returns = method.returns
        params = node.params if node is not None else []
        names = [(one.name, one.at, one.final) for one in params]
        if node is None:
            at = info.declaration.at if info.declaration is not None else Position(1, 1)
            component_names = [one.name for one in info.declaration.components] if info.declaration is not None else []
            known = component_names if info.kind == "record" else ["$name", "$ordinal"]
            names = [(known[place], at, False) for place in range(len(method.params))]
        for (name, at, final), type_ in zip(names, method.params, strict=True):
            variable = self.declare(name, type_, at, final=final)
            variable.parameter = True
            method.variables.append(variable)
        if method.is_constructor:
            self._constructor(method, node)
        else:
            assert node is not None
            assert node.body is not None
            method.body = self.block(node.body)

    # Constructors.

    def _constructor(self, method: Method, node: MethodDecl | None) -> None:
        info = method.owner
        at = node.at if node is not None else info.declaration.at if info.declaration is not None else Position(1, 1)
        written = list(node.body.body) if node is not None and node.body is not None else []
        end = node.body.end if node is not None and node.body is not None else at
        call = _explicit(written)
        if call is not None:
            written = written[1:]
            first = self._explicit_call(method, call)
        else:
            first = self._implicit_call(method, at)
        body: list[acts.Statement] = [first] if first is not None else []
        if node is not None:
            block = self.block(phrases.Block(at, written, end))
            body.append(block)
        if info.kind == "record" and (node is None or node.compact):
            body += self._fill_record(method, at)
        method.body = acts.Block(at, body, end)

    def _fill_record(self, method: Method, at: Position) -> list[acts.Statement]:
        this = core.This(at, method.owner.type)
        made: list[acts.Statement] = []
        for variable in method.variables:
            field = method.owner.fields[variable.name]
            target = core.FieldGet(at, field.type, this, field)
            value = core.Local(at, variable.type, variable)
            made.append(acts.Effect(at, core.Assign(at, field.type, target, value)))
        return made

    def _explicit_call(self, method: Method, call: syntax.Call) -> acts.Statement | None:
        info = method.owner
        of = ClassType(info) if call.name == "this" else info.superclass
        if of is None:
            return None
        given = {one: one for one in info.params} if call.name == "this" else arguments(of)
        hidden = method.params[:2] if of.of.kind == "enum" and of.of is info else []
        candidates = [Candidate(one, given) for one in of.of.constructors]
        args = call.args
        if hidden:
            args = [syntax.Name(call.at, one.name) for one in method.variables[:2]] + args
        self.frame.before_super = True
        selected = self.select_method(call.at, "<init>", candidates, args, None)
        self.frame.before_super = False
        return self._constructor_call(call.at, selected[0], selected[1], info) if selected is not None else None

    def _implicit_call(self, method: Method, at: Position) -> acts.Statement | None:
        info = method.owner
        if info.superclass is None:
            return None
        parent = info.superclass.of
        args: list[core.Expr] = []
        if info.kind == "enum":
            args = [core.Local(at, one.type, one) for one in method.variables[:2]]
        found = next((one for one in parent.constructors if len(one.params) == len(args)), None)
        if found is None:
            wanted = ", ".join(map(str, parent.constructors[0].params))
            hint = f"begin the constructor with super({wanted}), with values"
            self.report.error(at, f"{parent.name} has no constructor without parameters", hint)
            return None
        return self._constructor_call(at, found, args, info)

    def _constructor_call(self, at: Position, found: Method, args: list[core.Expr], info: ClassInfo) -> acts.Statement:
        call = acts.ConstructorCall(at, found, args)
        if found.owner is not info:
            self.frame.before_super = True
            call.outer = self.outer_of(found.owner, at)
            self.frame.before_super = False
            call.captured = [self.variable(one, at, self.frame) for one in found.owner.captured]
        return call


def _explicit(written: list[phrases.Statement]) -> syntax.Call | None:
    first = written[0] if written else None
    if isinstance(first, phrases.ExprStatement) and isinstance(first.value, syntax.Call):
        call = first.value
        return call if call.object is None and call.name in ("this", "super") else None
    return None


def outside_of(world: World, info: ClassInfo) -> Frame:
    """Give the frame around the members of a class that does not stand among statements."""
    around = outside_of(world, info.outer) if info.outer is not None else None
    return Frame(info, False, world.context(info), around)


def look_at(method: Method) -> None:
    """Look at a method of the library, when a program needs it."""
    world = library()
    outside = outside_of(world, method.owner)
    Bodies(world, world.report, outside).method(method, outside)
    assert not world.report.failed, world.report.found


def look_at_starts(info: ClassInfo) -> None:
    """Look at how a class of the library begins."""
    world = library()
    outside = outside_of(world, info)
    bodies = Bodies(world, world.report, outside)
    bodies.library_constants(info)
    bodies.starts(info, outside)
    assert not world.report.failed, world.report.found
