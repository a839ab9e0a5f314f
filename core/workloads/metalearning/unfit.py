"""What metalearning refuses."""

from core.errors import FieldError, Invalid


class TaskUnfit(Invalid):
    """The tasks cannot be looked at as they are."""

    code = "task_unfit"


def refuse(pointer: str, detail: str) -> TaskUnfit:
    """Return the error that names one field and its fault."""
    return TaskUnfit(detail, errors=[FieldError(f"/params{pointer}", detail)])
