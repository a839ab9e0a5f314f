"""How gunicorn serves the streams: greenlets in few processes, and as many open files as there may be sockets."""

# ruff: noqa: E402 - what is imported before it was patched would block all sockets of the process
from gevent import monkey

monkey.patch_all()

import logging
import os
import resource
from pathlib import Path
from typing import Any

from redis import RedisError

from core import telemetry
from core.config import SettingsInvalid, read_settings
from webapp.gunicorn_hooks import on_starting, pre_fork  # noqa: F401 - gunicorn calls them

SPARE_FILES = 500

_settings = read_settings()

bind = f"{_settings.web_host}:{_settings.stream_port}"
worker_class = "gevent"
workers = _settings.stream_processes
# The limit is the platform's, counted over all processes; one of them alone may have to hold them all.
worker_connections = _settings.stream_connections + SPARE_FILES
# Loaded once and shared by fork: the app opens nothing before its process listens.
preload_app = True
control_socket_disable = True
timeout = 60
graceful_timeout = 10
keepalive = 15
backlog = 4096
accesslog = None
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108 - a folder in memory, not a shared file
proc_name = "penstock-stream"

_needed = _settings.stream_connections + SPARE_FILES
_soft, _hard = resource.getrlimit(resource.RLIMIT_NOFILE)
if resource.RLIM_INFINITY != _hard < _needed:
    raise SettingsInvalid(
        f"PENSTOCK_STREAM_CONNECTIONS asks for {_settings.stream_connections} sockets, for which a process needs "
        f"{_needed} open files; here it may have {_hard}. Raise that (ulimit -Hn) or lower the setting."
    )
resource.setrlimit(resource.RLIMIT_NOFILE, (max(_soft, _needed), _hard))


def post_worker_init(worker: Any) -> None:
    """Begin to listen, give back what dead processes held, and tell the supervisor that sockets are accepted."""
    telemetry.begin("stream", os.environ)
    listening = worker.wsgi.listening
    try:
        listening.places.open()
    except RedisError:
        logging.getLogger(__name__).warning("stream.places_not_given_back")
    listening.closing = lambda: not worker.alive
    listening.start()
    ready_file = os.environ.get("PENSTOCK_READY_FILE")
    if ready_file:
        Path(ready_file).touch()
