"""This file is about params that name recorded operation: an uploaded CSV file, or rows as they are."""

import io
from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError, fields, validates_schema

from core.jobs.context import JobContext
from core.jobs.kind import Params
from core.workloads.pumping import plant as plants
from core.workloads.pumping.plausibility import refuse_foreign
from core.workloads.pumping.recording import Recording, SeriesInvalid, read_csv, read_rows


class SeriesField(fields.Raw):
    """`{"artifact": id}` of a CSV file in the shared columns, or `{"rows": [...]}` with the same columns."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        del attr, data, kwargs
        if isinstance(value, list):
            value = {"rows": value}
        if not isinstance(value, dict) or len(value) != 1 or not {"artifact", "rows"} & set(value):
            raise ValidationError('Give {"artifact": id} or {"rows": [...]}.')
        if "artifact" in value:
            if not isinstance(value["artifact"], str):
                raise ValidationError({"artifact": ["Not a string."]})
            return value
        rows = value["rows"]
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            raise ValidationError({"rows": ["Not a list of objects."]})
        return value


class SeriesOfPlantParams(Params):
    """Params with a `series` and the `plant` that it is of; null where that is no plant known here.

    Rows are checked when the job is submitted, a file when it is read.
    """

    @validates_schema
    def _refuse_rows(self, data: dict[str, Any], **_: Any) -> None:
        if "rows" not in data["series"]:
            return
        try:
            _checked(read_rows(data["series"]["rows"]), data["plant"])
        except SeriesInvalid as error:
            raise ValidationError({"series": _messages(error)}) from None


def open_series(params: Mapping[str, Any], context: JobContext) -> Recording:
    """Read the series that params name; raises `SeriesInvalid` for a file that is not what it should be."""
    series = params["series"]
    if "rows" in series:
        return read_rows(series["rows"])
    with context.open_artifact(series["artifact"]) as stream:
        try:
            text = stream.read().decode("utf-8-sig")
        except UnicodeDecodeError:
            raise SeriesInvalid("The file is not UTF-8 text.") from None
    return _checked(read_csv(io.StringIO(text)), params["plant"])


def _checked(recording: Recording, plant: str | Mapping[str, Any] | None) -> Recording:
    if plant is not None:
        refuse_foreign(recording, plants.resolve(plant))
    return recording


def _messages(error: SeriesInvalid) -> Any:
    """Nest the error's pointer the way marshmallow nests messages."""
    pointer, detail = error.errors[0].pointer, error.errors[0].detail
    messages: Any = [detail]
    for step in reversed(pointer.removeprefix("/series/").split("/")):
        messages = {step: messages}
    return messages
