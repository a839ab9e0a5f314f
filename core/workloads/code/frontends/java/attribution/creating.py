"""What `new` makes: objects, also of classes without a name, and arrays."""

from core.workloads.code.frontends.java import acts, core, syntax, types
from core.workloads.code.frontends.java.attribution.calls import Calls
from core.workloads.code.frontends.java.attribution.candidates import Candidate
from core.workloads.code.frontends.java.attribution.conversions import BOXES
from core.workloads.code.frontends.java.attribution.frames import Frame
from core.workloads.code.frontends.java.declarations import ClassDecl
from core.workloads.code.frontends.java.declaring import announce, settle
from core.workloads.code.frontends.java.inheritance import check
from core.workloads.code.frontends.java.relations import arguments, erased, inherits
from core.workloads.code.frontends.java.types import ArrayType, ClassInfo, ClassType, Method, Type
from core.workloads.code.ir.instructions import Position


class Creating(Calls):
    """The part of the attribution that looks at `new`."""

    def class_bodies(self, info: ClassInfo, around: Frame) -> None:
        """Attribute the bodies of a class among statements."""
        raise NotImplementedError

    def new(self, node: syntax.New, wanted: Type | None) -> core.Expr:
        """Attribute `new Type(...)`."""
        found = self.resolved(node.type)
        if not isinstance(found, ClassType):
            self.arguments_alone(node.args)
            if found != types.WRONG:
                self.report.error(node.type.at, f"there are no objects of {found}", "name a class behind new")
            return self.wrong(node.at)
        if found.of.library and found.of.name == "String" and node.body is None:
            return self._string(node, found)
        if node.body is not None:
            return self._anonymous(node, node.body, found)
        if found.of.abstract or found.of.kind == "enum" or (found.of.library and found.of.name in BOXES.values()):
            self.arguments_alone(node.args)
            return self._no_objects(node, found.of)
        made = self.made(node, found, wanted)
        return made if made is not None else core.Const(node.at, types.WRONG, None)

    def _string(self, node: syntax.New, found: ClassType) -> core.Expr:
        """Give a string made by `new`: methods of the library do it."""
        selected = self.select_method(node.at, "new String", self.candidates(found, "$new"), node.args, None)
        if selected is None:
            return self.wrong(node.at)
        return core.Invoke(node.at, found, selected[0], None, selected[1])

    def _no_objects(self, node: syntax.New, of: ClassInfo) -> core.Expr:
        if of.library and of.name in BOXES.values():
            self.report.error(node.at, f"new {of.name}(...) is not supported", f"write {of.name}.valueOf(...)")
            return self.wrong(node.at)
        what = {"interface": "an interface", "enum": "an enum"}.get(of.kind, "abstract")
        hint = f"make an object of a class that {'implements' if of.is_interface else 'extends'} {of.name}"
        if of.library and of.name in ("List", "Map", "Set"):
            hint = {"List": "write new ArrayList<>()", "Map": "write new HashMap<>()", "Set": "write new HashSet<>()"}[
                of.name
            ]
        if of.kind == "enum":
            hint = f"its only objects are its constants, such as {of.name}.{next(iter(of.fields), 'A')}"
        self.report.error(node.at, f"{of.name} is {what}: it has no objects of its own", hint)
        return self.wrong(node.at)

    def made(self, node: syntax.New, found: ClassType, wanted: Type | None) -> core.Create | None:
        """Choose the constructor, and give the new object."""
        of = found.of
        given = arguments(found)
        if node.type.args == []:
            if not of.params:
                self.report.error(node.type.at, f"{of.name} has no type arguments", "leave <> away")
            given = {one: one for one in of.params}
        candidates = [Candidate(one, given) for one in of.constructors]
        selected = self.select_method(node.at, "<init>", candidates, node.args, wanted)
        if selected is None:
            return None
        method, args, result = selected
        return self.created(node.at, result if node.type.args == [] else found, of, method, args)

    def created(
        self, at: Position, type_: Type, of: ClassInfo, method: Method | None, args: list[core.Expr]
    ) -> core.Create:
        """Give a new object with what it knows of the things around it."""
        return core.Create(at, type_, of, method, args, self.outer_of(of, at), self.captured_by(of, at))

    def outer_of(self, of: ClassInfo, at: Position) -> core.Expr | None:
        """Give the object that one of an inner class is made within."""
        if of.outer_this is None or not isinstance(of.outer_this.type, ClassType):
            return None
        wanted = of.outer_this.type.of
        if self.frame.inside is wanted and not self.frame.static:
            return core.This(at, self.frame.inside.type)
        found = self.enclosing(at, lambda one: inherits(one, wanted))
        if found is None:
            hint = f"declare {of.name} static, or make the object in a method that is not static"
            self.report.error(at, f"{of.name} is made within an object of {wanted}, and here is none", hint)
            return self.wrong(at)
        return found

    def captured_by(self, of: ClassInfo, at: Position) -> list[core.Expr] | None:
        """Give the values of the variables around that objects of a class keep."""
        if any(frame.inside is of for frame in self.frames()):
            return None
        return [self.variable(one, at, self.frame) for one in of.captured]

    # Classes among statements.

    def local_class(self, declaration: ClassDecl, above: Method | None = None) -> ClassInfo:
        """Take in a class that stands among statements; its constructor may give all it gets to the one above."""
        around = next(frame for frame in self.frames() if not frame.is_lambda)
        if self.frame.static or (around.inside.outer_this is not None and self.frame.before_super):
            declaration.modifiers |= {"static"}
        info = announce(self.world, declaration, around.inside, self.frame.context)
        if declaration.name:
            if declaration.name in self.frame.context.classes:
                self.report.error(declaration.at, f"there are two classes {info.name}", "give one another name")
            self.frame.context.classes[declaration.name] = info
        else:
            info.name = str(len(self.world.contexts))
        settle(self.world, info)
        if info.outer_this is not None:
            info.outer_this.type = self.frame.inside.type
        if above is not None:
            self._pass_on(info, above, declaration.at)
        check(info, self.report)
        self.class_bodies(info, self.frame)
        return info

    def _anonymous(self, node: syntax.New, body: ClassDecl, parent: ClassType) -> core.Expr:
        if parent.of.kind == "enum" or "final" in parent.of.modifiers:
            self.report.error(node.at, f"{parent.of.name} is final: nothing can extend it", "leave the body away")
            return self.wrong(node.at)
        node.type.args = node.type.args or None
        (body.implements if parent.of.is_interface else body.extends).append(node.type)
        constructor: Method | None = None
        args: list[core.Expr] = []
        if not parent.of.is_interface:
            candidates = [Candidate(one, arguments(parent)) for one in parent.of.constructors]
            selected = self.select_method(node.at, "<init>", candidates, node.args, None)
            if selected is None:
                return self.wrong(node.at)
            constructor, args, _ = selected
        elif node.args:
            self.report.error(node.at, f"{parent.of.name} is an interface: it takes no arguments", "leave () empty")
        info = self.local_class(body, constructor)
        return self.created(node.at, ClassType(info), info, info.constructors[0], args)

    def _pass_on(self, info: ClassInfo, above: Method, at: Position) -> None:
        """Have the constructor of a class without a name give its arguments to the one above."""
        own = info.constructors[0]
        own.params = [erased(one) for one in above.params]
        own.variables = [core.Variable(f"a{place}", one, at, parameter=True) for place, one in enumerate(own.params)]
        passed: list[core.Expr] = [core.Local(at, one.type, one) for one in own.variables]
        call = acts.ConstructorCall(at, above, passed)
        outer = self.frame
        self.frame = Frame(info, self.frame.static, self.frame.context, outer, own, before_super=True)
        call.outer, call.captured = self.outer_of(above.owner, at), self.captured_by(above.owner, at)
        self.frame = outer
        own.body = acts.Block(at, [call], at)

    # Arrays.

    def new_array(self, node: syntax.NewArray) -> core.Expr:
        """Attribute `new Type[size]` and `new Type[] {...}`."""
        found = self.resolved(node.type)
        if node.items is not None:
            return self.array_items(node.items, found)
        sizes = [self.coerce(self.value(one), types.INT, "the size of an array") for one in node.sizes]
        return core.CreateArray(node.at, found, sizes)

    def array_items(self, node: syntax.ArrayItems, wanted: Type | None) -> core.Expr:
        """Attribute the elements of an array in braces."""
        if not isinstance(wanted, ArrayType):
            if wanted not in (types.WRONG, None):
                self.report.error(
                    node.at, f"{{...}} makes an array, and {wanted} is none", f"write {wanted}[] as the type"
                )
            return self.wrong(node.at)
        items = []
        for one in node.items:
            if isinstance(one, syntax.ArrayItems):
                items.append(self.array_items(one, wanted.element))
            else:
                items.append(self.coerce(self.value(one, wanted.element), wanted.element, "an element"))
        return core.ArrayOf(node.at, wanted, items)
