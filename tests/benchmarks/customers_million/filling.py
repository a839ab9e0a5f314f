"""Fill the tables with people who wait to be resolved: two identifiers, two events and a word on consent each."""

from collections.abc import Iterator
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from core.database import Database
from core.ids import uuid7
from core.platform.sealing.keys import current_key
from core.platform.sealing.values import Place, seal
from core.workloads.customers.operations.figures import portions

AT_ONCE = 20_000


def fill(database: Database, tenant_id: UUID, people: int) -> None:
    """Put so many people into the tables; their addresses are sealed one by one, as ingestion does it."""
    source = uuid7()
    with database.within(tenant_id).transaction() as session:
        current_key(session, tenant_id)  # made before it is used, for a key is not remembered before it has landed
    for part in portions(range(people), AT_ONCE):
        with database.within(tenant_id).transaction() as session:
            given = {"tenant_id": tenant_id, "first": part[0], "last": part[-1], "source": source}
            sealed = {"numbers": part, "sealed": list(_sealed(session, tenant_id, part))}
            for statement in _STATEMENTS:
                session.execute(statement, given | sealed)
    with database.autocommit.connect() as connection:
        for table in ("identifiers", "sightings", "sighting_links", "events", "consents"):
            connection.execute(text(f"ANALYZE customer_{table}"))


def _sealed(session: Session, tenant_id: UUID, part: list[int]) -> Iterator[str]:
    for number in part:
        place = Place(tenant_id, "customer_identifiers", "sealed", str(2 * number + 2))
        yield seal(session, place, f"person{number}@example.com")


_STATEMENTS = [
    text(
        """
INSERT INTO customer_identifiers (id, tenant_id, type, value_index) OVERRIDING SYSTEM VALUE
SELECT 2 * n + 1, :tenant_id, 'user_id', 'u' || n FROM generate_series(:first, :last) AS n
"""
    ),
    text(
        """
INSERT INTO customer_identifiers (id, tenant_id, type, value_index, sealed) OVERRIDING SYSTEM VALUE
SELECT 2 * told.n + 2, :tenant_id, 'email', 'e' || told.n, told.sealed
FROM unnest(CAST(:numbers AS bigint[]), CAST(:sealed AS text[])) AS told (n, sealed)
"""
    ),
    text(
        """
INSERT INTO customer_sightings (id, tenant_id, mark, identifiers, first_at) OVERRIDING SYSTEM VALUE
SELECT n + 1, :tenant_id, 'm' || n, ARRAY[2 * n + 1, 2 * n + 2]::bigint[], now() - n % 90 * interval '1 day'
FROM generate_series(:first, :last) AS n
"""
    ),
    text(
        """
INSERT INTO customer_sighting_links (tenant_id, identifier_id, sighting_id)
SELECT :tenant_id, 2 * n + part, n + 1 FROM generate_series(:first, :last) AS n, generate_series(1, 2) AS part
"""
    ),
    text(
        """
INSERT INTO customer_events (source_id, message_id, tenant_id, type, name, at, sighting_id, revenue, properties)
SELECT :source, n || '-' || part, :tenant_id, 'track',
  CASE part WHEN 1 THEN 'Product Viewed' ELSE 'Order Completed' END,
  now() - n % 90 * interval '1 day' + part * interval '1 hour' - interval '3 hours', n + 1,
  CASE WHEN part = 2 THEN n % 200 END, jsonb_build_object('price', n % 200)
FROM generate_series(:first, :last) AS n, generate_series(1, 2) AS part
"""
    ),
    text(
        """
INSERT INTO customer_consents (id, tenant_id, identifier_id, purpose, channel, jurisdiction, granted, at)
SELECT gen_random_uuid(), :tenant_id, 2 * n + 2, 'ads', 'any', 'eu', n % 10 > 0, now() - interval '1 day'
FROM generate_series(:first, :last) AS n
"""
    ),
]
