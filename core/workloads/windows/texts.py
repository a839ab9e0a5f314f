"""CSV: read by pyarrow a block at a time; where that meets something wrong, read once more to tell line and column.

The fast way knows that something is wrong but not where; who sends a good file pays nothing for that.
"""

import csv
import io
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO, Literal

import pyarrow as pa
from pyarrow import csv as arrow_csv

from core.errors import FieldError, Invalid

BLOCK_BYTES = 1 << 20
"""The reader runs ahead of who takes its batches by many blocks, all in memory; no line can be longer than one."""
MOST_TOLD = 20
LONGEST_HEADER = BLOCK_BYTES // 2
DELIMITERS = ",;\t|"
_LONGEST_CELL = 40


@dataclass(frozen=True, slots=True)
class Flaw:
    """One thing that is wrong in a file."""

    line: int
    column: int
    name: str
    detail: str


class TableFlawed(Invalid):
    """Rows of the file cannot be taken as they are; nothing was imported."""

    code = "table_flawed"

    def __init__(self, flaws: Sequence[Flaw] = (), *, what: str = "line") -> None:
        told = [f"{what} {one.line}, column {one.column}{_named(one)}: {one.detail}" for one in flaws]
        fields = [FieldError(f"/{what}s/{one.line}/{one.column}", one.detail) for one in flaws]
        super().__init__("; ".join(told) or self.title(), errors=fields)
        self.flaws = tuple(flaws)


@dataclass(frozen=True, slots=True)
class Header:
    """The first line of a file: its names as they will be known, and what separates them."""

    names: list[str]
    delimiter: str


def read_csv(stream: BinaryIO, params: Mapping[str, Any]) -> Iterator[pa.RecordBatch]:
    """Yield rows in batches: doubles, and strings for columns named as categorical; raises `TableFlawed`."""
    header = read_header(stream, params)
    words = {place for place, name in enumerate(header.names) if name in set(params["categorical"])}
    left_out = {place for place, name in enumerate(header.names) if name in set(params["drop"])}
    kept = [str(place) for place in range(len(header.names)) if place not in left_out]
    types = {str(place): pa.string() if place in words else pa.float64() for place in range(len(header.names))}
    bad: list[Any] = []

    def skip(row: Any) -> Literal["skip"]:
        bad.append(row)
        return "skip"

    stream.seek(0)
    try:
        reader = arrow_csv.open_csv(
            stream,
            # Columns go by their places: names may be anything.
            arrow_csv.ReadOptions(block_size=BLOCK_BYTES, skip_rows=1, column_names=list(types), use_threads=False),
            arrow_csv.ParseOptions(delimiter=header.delimiter, invalid_row_handler=skip),
            arrow_csv.ConvertOptions(
                column_types=types,
                include_columns=kept,
                null_values=list(params["missing"]),
                strings_can_be_null=True,
                decimal_point=params["decimal"],
            ),
        )
        for batch in reader:
            if bad:
                break
            yield batch.rename_columns([header.names[int(name)] for name in batch.schema.names])
    except pa.ArrowInvalid as error:
        raise _explained(stream, header, params, words, left_out) or TableFlawed(
            [Flaw(1, 1, "", str(error))]
        ) from error
    if bad:
        raise _explained(stream, header, params, words, left_out) or TableFlawed


def read_header(stream: BinaryIO, params: Mapping[str, Any]) -> Header:
    """Read the names in a file's first line, blanks around them taken off; raises `TableFlawed`."""
    stream.seek(0)
    line = stream.readline(LONGEST_HEADER + 1)
    if len(line.rstrip(b"\r\n")) > LONGEST_HEADER:
        raise TableFlawed([Flaw(1, 1, "", f"the first line is longer than {LONGEST_HEADER} bytes")])
    try:
        text = line.decode("utf-8-sig").rstrip("\r\n")
    except UnicodeDecodeError as error:
        raise TableFlawed([Flaw(1, error.start + 1, "", "not UTF-8; save the file as UTF-8")]) from None
    delimiter = params["delimiter"] or max(DELIMITERS, key=text.count)
    cells = next(csv.reader([text], delimiter=delimiter), [])
    names = [params["rename"].get(cell.strip(), cell.strip()) for cell in cells]
    flaws = []
    for place, name in enumerate(names):
        if not name:
            flaws.append(Flaw(1, place + 1, "", "the column has no name: give it one in the file's first line"))
        elif name in names[:place]:
            told = f"the name {name!r} is given twice: rename one of them in the file's first line"
            flaws.append(Flaw(1, place + 1, name, told))
    if not names:
        flaws.append(Flaw(1, 1, "", "the file is empty"))
    elif all(_is_number(name, params) for name in names):
        flaws.append(Flaw(1, 1, names[0], "the first line has numbers where the columns' names should be"))
    if flaws:
        raise TableFlawed(flaws[:MOST_TOLD])
    return Header(names, delimiter)


def _explained(
    stream: BinaryIO, header: Header, params: Mapping[str, Any], words: set[int], left_out: set[int]
) -> TableFlawed | None:
    """Read the file once more, slowly, and tell the first things that are wrong."""
    stream.seek(0)
    text = io.TextIOWrapper(stream, "utf-8-sig", errors="replace", newline="")
    try:
        flaws = _flaws(csv.reader(text, delimiter=header.delimiter), header, params, words | left_out)
        return TableFlawed(flaws) if flaws else None
    finally:
        text.detach()


def _flaws(reader: Any, header: Header, params: Mapping[str, Any], unread: set[int]) -> list[Flaw]:
    flaws: list[Flaw] = []
    missing = set(params["missing"])
    numbered: set[int] = set()
    wordy: set[int] = set()
    next(reader, None)
    for cells in reader:
        if len(flaws) >= MOST_TOLD:
            break
        if not cells:
            continue
        if len(cells) != len(header.names):
            told = f"{len(cells)} cells where the first line has {len(header.names)}"
            flaws.append(Flaw(reader.line_num, min(len(cells), len(header.names)) or 1, "", told))
            continue
        for place, cell in enumerate(cells):
            # Of a column that begins with words, and so most likely has nothing else, the first is told.
            if place in unread or place in wordy or cell in missing:
                continue
            if _is_number(cell, params):
                numbered.add(place)
                continue
            flaws.append(_no_number(reader.line_num, place, cell, header, is_first=place not in numbered))
            wordy |= {place} - numbered
    return flaws


def _no_number(line: int, place: int, cell: str, header: Header, *, is_first: bool) -> Flaw:
    shown = cell if len(cell) <= _LONGEST_CELL else f"{cell[:_LONGEST_CELL]}…"
    name = header.names[place]
    fix = f"; leave the column out with drop, or keep its words as codes with categorical: {name!r}" if is_first else ""
    return Flaw(line, place + 1, name, f"{shown!r} is no number{fix}")


def _is_number(cell: str, params: Mapping[str, Any]) -> bool:
    text = cell.strip()
    if params["decimal"] == ",":
        text = text.replace(".", "x").replace(",", ".")
    try:
        return math.isfinite(float(text)) and "_" not in text
    except ValueError:
        return False


def _named(flaw: Flaw) -> str:
    return f" ({flaw.name})" if flaw.name else ""
