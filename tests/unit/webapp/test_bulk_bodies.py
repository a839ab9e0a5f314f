"""How many jobs a request may name: just as many, and not one more."""

from uuid import uuid4

import pytest
from marshmallow import ValidationError

from core.jobs.selection import LARGEST_PAGE
from webapp.schemas.bulk import BulkAction


def test_as_many_ids_are_taken_as_one_request_changes() -> None:
    ids = [str(uuid4()) for _ in range(LARGEST_PAGE)]
    assert len(BulkAction().load({"ids": ids})["ids"]) == LARGEST_PAGE
    with pytest.raises(ValidationError, match="ids"):
        BulkAction().load({"ids": [*ids, ids[0]]})
