"""The test bed: one Postgres and one Redis for all sides, a database for each, and the environment of each process."""

import contextlib
import os
import sys
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from redis import Redis
from sqlalchemy import create_engine, make_url, text

from core.database import spell_out_driver
from core.platform import bootstrap
from core.platform.servers.base import Server
from core.platform.servers.embedded import SERVERS, Urls, running
from core.platform.supervisor.procfile import read_procfile, words

CHECKOUT = Path(__file__).parents[3]
BENCHMARKS = Path(__file__).parents[1]


@dataclass(frozen=True, slots=True)
class Bed:
    """What all figures share."""

    root: Path
    urls: Urls
    environ: Mapping[str, str]
    """What a process of the platform finds in its environment."""
    api_key: str
    peers: Path | None
    """The Python that has the peers installed; None where they are not."""
    quick: bool
    history: int
    """How many jobs the large table holds."""

    def command(self, process: str, environ: Mapping[str, str]) -> tuple[str, ...]:
        """Return the command line that the Procfile gives a process."""
        line = next(line for line in read_procfile(CHECKOUT / "Procfile") if line.name == process)
        return words(line, environ)

    def new_database(self, name: str) -> str:
        """Make an empty database on the same server and return its URL."""
        unique = f"{name}_{uuid.uuid4().hex[:6]}"
        with create_engine(spell_out_driver(self.urls.database), isolation_level="AUTOCOMMIT").connect() as connection:
            connection.execute(text(f'CREATE DATABASE "{unique}"'))
        return make_url(self.urls.database).set(database=unique).render_as_string(hide_password=False)

    def clear(self) -> None:
        """Forget all jobs and messages, so that what one chapter left behind is no work for the next."""
        with create_engine(spell_out_driver(self.urls.database), isolation_level="AUTOCOMMIT").connect() as connection:
            connection.execute(text("TRUNCATE jobs, job_events, job_outbox CASCADE"))
        Redis.from_url(self.urls.redis).flushall()

    def redis_database(self, number: int) -> str:
        """Return the URL of one of the Redis server's databases."""
        return f"{self.urls.redis.rpartition('/')[0]}/{number}"

    def log(self, name: str) -> Path:
        """Name the log of one process."""
        return self.root / f"{name}.log"


@contextlib.contextmanager
def laid(
    root: Path, *, peers: Path | None, quick: bool, history: int, servers: Sequence[Server] = SERVERS
) -> Iterator[Bed]:
    """Start the servers with the settings they always have, and migrate the platform's database."""
    with running(root / "servers", servers=servers) as urls:
        environ = {
            **os.environ,
            "PATH": f"{Path(sys.executable).parent}:{os.environ.get('PATH', os.defpath)}",
            "DATABASE_URL": urls.database,
            "REDIS_URL": urls.redis,
            "PENSTOCK_STORAGE_URL": f"file://{root / 'artifacts'}",
            "PENSTOCK_DATA_DIR": str(root),
            "PENSTOCK_SECRET_KEY": "a key for benchmarks, of no worth elsewhere",
            "PYTHONPATH": f"{CHECKOUT}:{BENCHMARKS}",
        }
        (root / "run").mkdir()
        key = bootstrap.prepare(environ, root / "run")
        yield Bed(root, urls, environ, key, peers, quick, history)
