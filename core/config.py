"""Settings of one process: read once from the environment at its entry, then passed down."""

import re
from dataclasses import dataclass, field, replace
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from environs import Env, EnvValidationError
from marshmallow import ValidationError
from marshmallow.validate import ContainsOnly, Length, OneOf, Range
from sqlalchemy.exc import ArgumentError

from core import exposure
from core.crypto import Keyring, MasterKey, MasterKeysInvalid, derived_master_key, read_master_keys
from core.database import spell_out_driver
from core.errors import Invalid
from core.exposure import EMBEDDED, PRODUCTION

WAIVABLE_LAYERS = ("cgroup", "landlock")
"""What a host may lack: control groups that its user may make, and a kernel with Landlock."""
GOVERNOR_MODES = ("on", "dry_run", "off")
BROKERS = frozenset({"redis", "rediss", "redis+sentinel", "amqp", "amqps"})
"""Schemes of the brokers that messages may go by."""
Network = IPv4Network | IPv6Network
_ORIGIN = re.compile(r"https?://[A-Za-z0-9.-]+(:\d{1,5})?")
_ALL_OR_NONE = {"true": "0.0.0.0/0,::/0", "1": "0.0.0.0/0,::/0", "false": "", "0": ""}


class SettingsInvalid(Invalid):
    """The environment does not describe a platform."""

    code = "settings_invalid"


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything a process may be told from outside."""

    database_url: str
    redis_url: str
    storage_url: str
    data_dir: Path
    port: int
    log_format: str
    log_level: str
    max_body_bytes: int
    max_upload_bytes: int
    lease_s: float
    retention_days: int
    database_pool_size: int
    database_direct_url: str = ""
    """Where a session keeps one server process for as long as it lasts: LISTEN takes it, a pooler does not give it."""
    database_replica_url: str = ""
    """Where lists are read, unless it is more than `replica_behind_s` behind; none unless named."""
    replica_behind_s: float = 5.0
    broker_url: str = ""
    """Where messages to workers go; Redis unless named."""
    secret_key: str = field(default="", repr=False)
    """What secrets are derived from."""
    master_keys: tuple[MasterKey, ...] = ()
    """What data keys are wrapped with, the current one first; derived from the secret key where there is none."""
    webhooks_may_reach: tuple[Network, ...] = ()
    """Networks that are not public, to which webhooks may be delivered all the same."""
    web_host: str = "127.0.0.1"
    web_processes: int = 1
    web_threads: int = 16
    mode: str = EMBEDDED
    rate_limit: int = 100_000
    """Requests a minute that one principal may make of one kind, unless its tenant has a quota of its own."""
    login_rate_limit: int = 60
    """The same of one network address, for what asks for no credentials but passwords and the like."""
    cors_origins: tuple[str, ...] = ()
    """Origins whose pages may call the API; none unless named."""
    flower_port: int | None = None
    """Where Flower listens on the same machine, if it does."""
    governor: str = "on"
    """Whether workers hold back under pressure: `on`, `dry_run` (they only tell what they would do), `off`."""
    governor_cpu: float = 0.90
    governor_memory: float = 0.85
    """Which share of processors and memory may be taken before they do."""
    proxies: int = 0
    """How many proxies stand in front and tell in `X-Forwarded-For` for whom they ask."""

    stream_port: int = 8001
    stream_url: str = ""
    """Where clients reach the stream processes; the host they asked, with the port above, unless named."""
    stream_processes: int = 2
    stream_connections: int = 10_000
    """Sockets that all stream processes together hold."""
    stream_per_client: int = 5

    def keyring(self) -> Keyring:
        """Make the keyring of one process."""
        return Keyring(self.master_keys or (derived_master_key(self.secret_key),))


def read_settings() -> Settings:
    """Read all settings or raise `SettingsInvalid` that lists every problem at once."""
    env = _environment()
    settings = Settings(
        database_url=env.str("DATABASE_URL"),
        database_direct_url=env.str("DATABASE_DIRECT_URL", "") or env.str("DATABASE_URL"),
        database_replica_url=env.str("DATABASE_REPLICA_URL", ""),
        replica_behind_s=env.float("PENSTOCK_REPLICA_BEHIND_S", 5.0, validate=Range(min=0.0)),
        redis_url=env.str("REDIS_URL"),
        broker_url=env.str("PENSTOCK_BROKER_URL", "") or env.str("REDIS_URL"),
        storage_url=env.str("PENSTOCK_STORAGE_URL"),
        data_dir=env.path("PENSTOCK_DATA_DIR", Path()),
        port=env.int("PENSTOCK_PORT", 8000, validate=Range(min=0, max=65535)),
        log_format=env.str("PENSTOCK_LOG_FORMAT", "json"),
        log_level=env.str("PENSTOCK_LOG_LEVEL", "INFO"),
        max_body_bytes=env.int("PENSTOCK_MAX_BODY_BYTES", 8 << 20, validate=Range(min=1)),
        max_upload_bytes=env.int("PENSTOCK_MAX_UPLOAD_BYTES", 2 << 30, validate=Range(min=1)),
        lease_s=env.float("PENSTOCK_LEASE_S", 30.0, validate=Range(min=1.0)),
        retention_days=env.int("PENSTOCK_RETENTION_DAYS", 30, validate=Range(min=1)),
        database_pool_size=env.int("PENSTOCK_DATABASE_POOL_SIZE", 20, validate=Range(min=1)),
        secret_key=env.str("PENSTOCK_SECRET_KEY", validate=Length(min=32)),
        master_keys=env.master_keys("PENSTOCK_MASTER_KEYS", ""),
        webhooks_may_reach=env.networks("PENSTOCK_WEBHOOKS_ALLOW_PRIVATE", ""),
        web_host=env.str("PENSTOCK_HOST", "127.0.0.1"),
        web_processes=env.int("PENSTOCK_WEB_PROCESSES", 1, validate=Range(min=1)),
        web_threads=env.int("PENSTOCK_WEB_THREADS", 16, validate=Range(min=2)),
        mode=env.str("PENSTOCK_MODE", EMBEDDED, validate=OneOf([EMBEDDED, PRODUCTION])),
        rate_limit=env.int("PENSTOCK_RATE_LIMIT", 100_000, validate=Range(min=1)),
        login_rate_limit=env.int("PENSTOCK_LOGIN_RATE_LIMIT", 60, validate=Range(min=1)),
        flower_port=env.int("PENSTOCK_FLOWER_PORT", None, validate=Range(min=1, max=65535)),
        cors_origins=env.origins("PENSTOCK_CORS_ORIGINS", ""),
        proxies=env.int("PENSTOCK_PROXIES", 0, validate=Range(min=0, max=10)),
        **_of_streams(env),
        **_of_governor(env),
    )
    try:
        env.seal()
    except EnvValidationError as error:
        raise SettingsInvalid(_listed(error)) from error
    return _checked(settings)


def _of_streams(env: Env) -> dict[str, Any]:
    return {
        "stream_port": env.int("PENSTOCK_STREAM_PORT", 8001, validate=Range(min=0, max=65535)),
        "stream_url": env.str("PENSTOCK_STREAM_URL", ""),
        "stream_processes": env.int("PENSTOCK_STREAM_PROCESSES", 2, validate=Range(min=1)),
        "stream_connections": env.int("PENSTOCK_STREAM_CONNECTIONS", 10_000, validate=Range(min=1)),
        "stream_per_client": env.int("PENSTOCK_STREAM_PER_CLIENT", 5, validate=Range(min=1)),
    }


def _of_governor(env: Env) -> dict[str, Any]:
    share = Range(min=0.1, max=0.99)
    return {
        "governor": env.str("PENSTOCK_GOVERNOR", "on", validate=OneOf(GOVERNOR_MODES)),
        "governor_cpu": env.float("PENSTOCK_GOVERNOR_CPU", 0.90, validate=share),
        "governor_memory": env.float("PENSTOCK_GOVERNOR_MEMORY", 0.85, validate=share),
    }


def _environment() -> Env:
    """Return the environment, to be read with the parsers that settings take."""
    env = Env(eager=False)
    env.add_parser("networks", _networks)
    env.add_parser("master_keys", _master_keys)
    env.add_parser("origins", _origins)
    return env


def _checked(settings: Settings) -> Settings:
    """Return settings that hold together; raises `SettingsInvalid`."""
    try:
        whole = replace(
            settings,
            database_url=spell_out_driver(settings.database_url),
            database_direct_url=spell_out_driver(settings.database_direct_url),
            database_replica_url=settings.database_replica_url and spell_out_driver(settings.database_replica_url),
        )
    except ArgumentError as error:
        raise SettingsInvalid(f"DATABASE_URL, DATABASE_DIRECT_URL or DATABASE_REPLICA_URL: {error}") from error
    if (scheme := urlsplit(whole.broker_url).scheme) not in BROKERS:
        raise SettingsInvalid(f"PENSTOCK_BROKER_URL: {scheme or 'nothing'} is none of {', '.join(sorted(BROKERS))}")
    if flaws := list(exposure.flaws(whole.mode, exposed(whole))):
        raise SettingsInvalid("; ".join(flaws))
    return whole


def exposed(settings: Settings) -> exposure.Exposed:
    """Return what of the settings strangers might reach or guess."""
    return exposure.Exposed(
        host=settings.web_host,
        secrets={"PENSTOCK_SECRET_KEY": settings.secret_key},
        urls={
            "DATABASE_URL": settings.database_url,
            "DATABASE_DIRECT_URL": settings.database_direct_url,
            **({"DATABASE_REPLICA_URL": settings.database_replica_url} if settings.database_replica_url else {}),
            "REDIS_URL": settings.redis_url,
            "PENSTOCK_BROKER_URL": settings.broker_url,
        },
    )


def _origins(named: str) -> tuple[str, ...]:
    """Read a list of origins, each `https://host` with nothing behind it; a wildcard is none."""
    words = tuple(word.strip() for word in named.split(",") if word.strip())
    wrong = [word for word in words if not _ORIGIN.fullmatch(word)]
    if wrong:
        raise ValidationError(f"Not an origin as https://host: {', '.join(wrong)}.")
    return words


def _master_keys(named: str) -> tuple[MasterKey, ...]:
    """Read master keys, from a file where the setting names one as `@path`."""
    try:
        return read_master_keys(Path(named[1:]).read_text() if named.startswith("@") else named)
    except (MasterKeysInvalid, OSError, UnicodeDecodeError) as error:
        raise ValidationError(f"{error}") from error


def sandbox_without() -> frozenset[str]:
    """Return the layers of the sandbox that the operator gave up; raises `SettingsInvalid`.

    Asked by computations, which are handed no settings: only workers that run strangers' programs need to know.
    """
    env = Env(eager=False)
    named: list[str] = env.list("PENSTOCK_SANDBOX_WITHOUT", [], validate=ContainsOnly(WAIVABLE_LAYERS))
    try:
        env.seal()
    except EnvValidationError as error:
        raise SettingsInvalid(_listed(error)) from error
    return frozenset(named)


def _networks(named: str) -> tuple[Network, ...]:
    """Read a list of networks; `true` stands for all there are, `false` for none."""
    words = _ALL_OR_NONE.get(named.strip().lower(), named)
    try:
        return tuple(ip_network(word.strip()) for word in words.split(",") if word.strip())
    except ValueError as error:
        raise ValidationError(f"Not true, false or a list of networks: {error}.") from error


def _listed(error: EnvValidationError) -> str:
    if isinstance(error.error_messages, list):
        return " ".join(error.error_messages)
    return "; ".join(f"{name}: {' '.join(map(str, reasons))}" for name, reasons in error.error_messages.items())
