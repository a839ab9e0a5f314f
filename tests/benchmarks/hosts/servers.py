"""The embedded servers, reachable from the hosts as well: passwords as ever, one network more."""

from dataclasses import replace

from core.platform.servers.base import Site
from core.platform.servers.postgres import Postgres
from core.platform.servers.program import Program
from core.platform.servers.redis import Redis

NETWORK = "10.231.0.0/16"
ANYWHERE = "0.0.0.0"


class ReachablePostgres(Postgres):
    """Postgres that listens on all links and lets the hosts log in."""

    def initialize(self, site: Site) -> None:
        """Make the cluster, and add the hosts to those who may log in."""
        super().initialize(site)
        access = self._home(site.folder) / "pg_hba.conf"
        access.write_text(f"{access.read_text()}host all all {NETWORK} scram-sha-256\n")

    def program(self, site: Site) -> Program:
        """Say how to start it: a later setting replaces an earlier one."""
        ours = super().program(site)
        return replace(ours, argv=(*ours.argv, "-c", f"listen_addresses={ANYWHERE}"))


class ReachableRedis(Redis):
    """Redis that listens on all links."""

    def program(self, site: Site) -> Program:
        """Say how to start it."""
        ours = super().program(site)
        return replace(ours, stdin=ours.stdin.replace(b"bind 127.0.0.1", b"bind " + ANYWHERE.encode()))
