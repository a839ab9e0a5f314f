"""What is wrong with an equation, and at which character."""


class ExpressionFault(Exception):
    """An equation that cannot be read, speaks of what is not there, or mixes units."""

    def __init__(self, detail: str, at: int) -> None:
        super().__init__(f"At character {at}: {detail}")
