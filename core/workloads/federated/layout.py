"""Layouts: which arrays a model has, and where each lies in the one vector that strategies see."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from core.errors import Invalid
from core.workloads.federated.uploads.base import MOST_VALUES, Piece, UploadUnreadable, count

_SHOWN = 3


class UpdateUnlike(Invalid):
    """The update's arrays are not the model's."""

    code = "update_unlike"


@dataclass(frozen=True)
class Layout:
    """Arrays in the order of their names."""

    shapes: tuple[tuple[str, tuple[int, ...]], ...]

    @cached_property
    def offsets(self) -> dict[str, int]:
        """Where each array begins."""
        found, at = {}, 0
        for name, shape in self.shapes:
            found[name] = at
            at += count(shape)
        return found

    @cached_property
    def size(self) -> int:
        """How many values all arrays have."""
        return sum(count(shape) for _, shape in self.shapes)

    def check(self, other: "Layout") -> None:
        """Raise `UpdateUnlike`, which names the first array that differs."""
        own, others = dict(self.shapes), dict(other.shapes)
        for name, shape in self.shapes:
            if name not in others:
                raise UpdateUnlike(f"The array {name!r} is missing.")
            if others[name] != shape:
                raise UpdateUnlike(f"The array {name!r} has shape {list(others[name])}; the model's has {list(shape)}.")
        strange = sorted(set(others) - set(own))
        if strange:
            raise UpdateUnlike(f"The model has no array {', '.join(map(repr, strange[:_SHOWN]))}.")


def layout_of(pieces: Iterable[Piece]) -> Layout:
    """Return the layout of a file without reading its values; raises `UploadUnreadable`."""
    shapes: dict[str, tuple[int, ...]] = {}
    for piece in pieces:
        if piece.name in shapes:
            raise UploadUnreadable(f"The array {piece.name!r} is there twice.")
        shapes[piece.name] = piece.shape
    layout = Layout(tuple(sorted(shapes.items())))
    if not 0 < layout.size <= MOST_VALUES:
        raise UploadUnreadable(f"The file has {layout.size:,} values; from 1 to {MOST_VALUES:,} are read.")
    return layout
