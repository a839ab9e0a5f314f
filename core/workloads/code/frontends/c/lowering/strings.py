"""String constants: each lies in the store once."""

from dataclasses import dataclass, field

from core.workloads.code.ir.module import Module


@dataclass(slots=True)
class Strings:
    """The strings of a program, and the globals they became."""

    module: Module
    prefix: str = ""
    names: dict[bytes, str] = field(default_factory=dict)

    def name(self, data: bytes) -> str:
        """Name the global that holds these characters and a zero."""
        known = self.names.get(data)
        if known is not None:
            return known
        name = f"{self.prefix}text.{len(self.names)}"
        self.names[data] = name
        whole = data + b"\0"
        words = {
            place // 8: int.from_bytes(whole[place : place + 8], "little", signed=True)
            for place in range(0, len(whole), 8)
        }
        self.module.place(name, len(words), {place: word for place, word in words.items() if word})
        return name
