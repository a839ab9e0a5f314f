"""The export of a tenant's data: a zip of JSON Lines, one file for each table."""

import io
import zipfile
from collections import Counter
from itertools import groupby
from typing import Any

from core.canonical import canonical_json
from core.jobs.context import JobContext

NAME = "export.zip"
_BEFORE_ALL = (1980, 1, 1, 0, 0, 0)
"""The time that all files of the zip bear, so that equal data give equal bytes."""


def compute(params: dict[str, Any], context: JobContext) -> dict[str, Any]:
    """Write all rows of the job's own tenant, or those that name one person, into an artifact."""
    rows: Counter[str] = Counter()
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for table, of_table in groupby(context.own_rows(params["subject"]), key=lambda row: row[0]):
            with archive.open(zipfile.ZipInfo(f"{table}.jsonl", _BEFORE_ALL), "w") as file:
                for _, row in of_table:
                    rows[table] += 1
                    file.write(f"{canonical_json(row)}\n".encode())
                    context.checkpoint()
        manifest = zipfile.ZipInfo("manifest.json", _BEFORE_ALL)
        subject = None if params["subject"] is None else str(params["subject"])
        archive.writestr(manifest, canonical_json({"subject": subject, "rows": dict(sorted(rows.items()))}))
    context.save_artifact(NAME, packed.getvalue(), "application/zip")
    return {"artifact": NAME, "bytes": len(packed.getvalue()), "rows": dict(sorted(rows.items()))}
