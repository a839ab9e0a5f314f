"""How types stand to each other: which fits where, what type arguments make of a type, what two have in common."""

from collections.abc import Iterator, Mapping

from core.workloads.code.frontends.java import types
from core.workloads.code.frontends.java.types import (
    ArrayType,
    ClassInfo,
    ClassType,
    Method,
    Primitive,
    Type,
    TypeVar,
    Wildcard,
)

_WIDER = {
    types.BYTE: (types.SHORT, types.INT, types.LONG, types.DOUBLE),
    types.SHORT: (types.INT, types.LONG, types.DOUBLE),
    types.CHAR: (types.INT, types.LONG, types.DOUBLE),
    types.INT: (types.LONG, types.DOUBLE),
    types.LONG: (types.DOUBLE,),
}
Arguments = Mapping[TypeVar, Type]


def is_reference(one: Type) -> bool:
    """Whether values of the type are objects."""
    return not isinstance(one, Primitive) or one in (types.NULL, types.WRONG)


def widens(given: Type, wanted: Type) -> bool:
    """Whether a primitive type becomes another without being asked."""
    return isinstance(given, Primitive) and wanted in _WIDER.get(given, ())


def substitute(one: Type, given: Arguments) -> Type:
    """Put type arguments in place of variables."""
    match one:
        case TypeVar():
            return given.get(one, one)
        case ClassType(of=of, args=args) if args:
            return ClassType(of, tuple(substitute(arg, given) for arg in args))
        case ArrayType(element=element):
            inner = substitute(element, given)
            return ArrayType(upper(inner))
        case Wildcard(sign=sign, bound=bound):
            inside = substitute(bound, given)
            return inside if isinstance(inside, Wildcard) else Wildcard(sign, inside)
    return one


def arguments(one: ClassType) -> Arguments:
    """Say what the variables of a class stand for in a type; in a raw one they are erased."""
    if not one.args:
        return {variable: erased(variable) for variable in one.of.params}
    return dict(zip(one.of.params, one.args, strict=False))


def upper(one: Type) -> Type:
    """Give what a value read from a place of the type is."""
    return one.bound if isinstance(one, Wildcard) and one.sign != "super" else root_of(one)


def root_of(one: Type) -> Type:
    """Give Object for `? super T`, which anything may be read from, and any other type as it is."""
    if not isinstance(one, Wildcard):
        return one
    found = one.bound
    while isinstance(found, TypeVar | ArrayType):
        found = found.bounds[0] if isinstance(found, TypeVar) else types.NULL
    if not isinstance(found, ClassType):
        return one.bound
    above = found.of
    while above.superclass is not None:
        above = above.superclass.of
    return ClassType(above)


def lower(one: Type) -> Type:
    """Give what a value must be to be put into a place of the type."""
    if isinstance(one, Wildcard):
        return one.bound if one.sign == "super" else types.NULL
    return one


def erased(one: Type) -> Type:
    """Give the type as the machine has it, without arguments and variables."""
    match one:
        case TypeVar(bounds=bounds):
            return erased(bounds[0])
        case ClassType(of=of):
            return ClassType(of)
        case ArrayType(element=element):
            return ArrayType(erased(element))
        case Wildcard():
            return erased(upper(one))
    return one


def bounds(one: Type) -> list[Type]:
    """Give the class and array types whose members a value of the type has."""
    match one:
        case TypeVar(bounds=above):
            return [found for bound in above for found in bounds(bound)]
        case Wildcard():
            return bounds(upper(one))
    return [one]


def supertypes(one: ClassType) -> Iterator[ClassType]:
    """Give the type itself and all above it, with arguments; the classes come before the interfaces."""
    chain = [one]
    while chain[-1].of.superclass is not None:
        chain.append(_above(chain[-1], chain[-1].of.superclass))
    yield from chain
    seen = set()
    waiting = list(chain)
    while waiting:
        present = waiting.pop(0)
        for interface in present.of.interfaces:
            if interface.of not in seen:
                seen.add(interface.of)
                found = _above(present, interface)
                waiting.append(found)
                yield found


def _above(one: ClassType, parent: ClassType) -> ClassType:
    if one.of.params and not one.args:
        return ClassType(parent.of)
    found = substitute(parent, arguments(one))
    assert isinstance(found, ClassType)
    return found


def as_class(one: Type, wanted: ClassInfo) -> ClassType | None:
    """Give the type above that is of a class, with its arguments."""
    for bound in bounds(one):
        if isinstance(bound, ClassType):
            if bound.of is wanted:
                return bound
            found = next((above for above in supertypes(bound) if above.of is wanted), None)
            if found is not None:
                return found
    return None


def inherits(one: ClassInfo, above: ClassInfo) -> bool:
    """Whether a class is another or below it."""
    return any(found.of is above for found in supertypes(ClassType(one)))


def is_object(one: Type) -> bool:
    """Whether it is the class Object."""
    return isinstance(one, ClassType) and one.of.superclass is None and not one.of.is_interface


def is_subtype(given: Type, wanted: Type) -> bool:  # noqa: PLR0911 - a case for each
    """Whether a value of one type is one of the other, without any conversion."""
    if given == wanted or types.WRONG in (given, wanted):
        return True
    if given == types.NULL:
        return is_reference(wanted)
    if isinstance(given, Primitive) or isinstance(wanted, Primitive):
        return False
    wanted = lower(wanted) if isinstance(wanted, Wildcard) else wanted
    if is_object(wanted):
        return True
    if isinstance(wanted, ArrayType):
        return any(_is_array_of(one, wanted.element) for one in bounds(given))
    if isinstance(wanted, ClassType):
        found = as_class(given, wanted.of)
        if found is None:
            return isinstance(given, ArrayType) and wanted.of.name in ("Cloneable", "Serializable")
        return not found.args or not wanted.args or all(map(_contained, found.args, wanted.args))
    return isinstance(given, TypeVar) and any(is_subtype(one, wanted) for one in given.bounds)


def _is_array_of(given: Type, element: Type) -> bool:
    if not isinstance(given, ArrayType):
        return False
    if isinstance(element, Primitive) or isinstance(given.element, Primitive):
        return given.element == element
    return is_subtype(given.element, element)


def _contained(given: Type, wanted: Type) -> bool:
    """Whether a type argument is one of those that another allows."""
    if isinstance(wanted, Wildcard):
        if wanted.sign == "super":
            inner = given.bound if isinstance(given, Wildcard) and given.sign == "super" else given
            return is_subtype(wanted.bound, inner)
        return is_subtype(upper(given), wanted.bound)
    if types.WRONG in (given, wanted) or given == wanted:
        return True
    if not isinstance(given, ClassType) or not isinstance(wanted, ClassType) or given.of is not wanted.of:
        return False
    return not given.args or not wanted.args or all(map(_contained, given.args, wanted.args))


def may_cast(given: Type, wanted: Type) -> bool:
    """Whether an object of one type may turn out to be of the other."""
    given, wanted = erased(given), erased(wanted)
    if is_subtype(given, wanted) or is_subtype(wanted, given):
        return True
    if isinstance(given, ArrayType) and isinstance(wanted, ArrayType):
        return is_reference(given.element) and is_reference(wanted.element) and may_cast(given.element, wanted.element)
    if not isinstance(given, ClassType) or not isinstance(wanted, ClassType):
        return False
    if given.of.is_interface or wanted.of.is_interface:
        other = wanted.of if given.of.is_interface else given.of
        return "final" not in other.modifiers and other.kind not in ("record", "enum")
    return False


def common(first: Type, second: Type) -> Type:
    """Give the nearest type that two objects both are."""
    if is_subtype(first, second):
        return second
    if is_subtype(second, first):
        return first
    left = next((one for one in bounds(first) if isinstance(one, ClassType)), None)
    if left is None:
        return types.WRONG
    shared = [one for one in supertypes(left) if is_subtype(second, one)]
    return next((one for one in shared if not is_object(one)), shared[0] if shared else types.WRONG)


def same_parameters(method: Method, other: Method, seen_from: ClassType) -> bool:
    """Whether two methods of classes above one take the same, so that one overrides the other."""
    if len(method.params) != len(other.params):
        return False
    return all(map(same_erased, _params_in(method, seen_from), _params_in(other, seen_from)))


def _params_in(method: Method, seen_from: ClassType) -> list[Type]:
    owner = as_class(seen_from, method.owner)
    given = arguments(owner) if owner is not None else {}
    return [upper(substitute(one, given)) for one in method.params]


def same_erased(first: Type, second: Type) -> bool:
    """Whether the machine sees no difference between two types; variables of two methods count as the same."""
    return erased(first) == erased(second)
