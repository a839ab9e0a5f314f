"""How gunicorn serves the app: threads in few processes, settings from the environment, structured logs."""

import os
import shutil
from pathlib import Path
from typing import Any

from core import telemetry
from core.config import read_settings
from webapp.gunicorn_hooks import on_starting, pre_fork  # noqa: F401 - gunicorn calls them
from webapp.process import EXTENSION

_settings = read_settings()

bind = f"{_settings.web_host}:{_settings.port}"
worker_class = "gthread"
workers = _settings.web_processes
threads = _settings.web_threads
# Loaded once and shared by fork: the app opens no connection and starts no thread before its first request.
preload_app = True
control_socket_disable = True
# Streams and long polls outlive any request timeout; what is watched is the worker's main loop.
timeout = 60
graceful_timeout = 20
keepalive = 75
backlog = 2048
accesslog = None
# How a proxy was asked is believed as far as `PENSTOCK_PROXIES` says, not from whoever is on this machine.
forwarded_allow_ips = ""
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108 - a folder in memory, not a shared file
proc_name = "penstock-web"

if workers > 1:
    # The processes' counters meet in files; those of earlier processes would be counted again.
    _counters = _settings.data_dir / "run" / "metrics"
    shutil.rmtree(_counters, ignore_errors=True)
    _counters.mkdir(parents=True)
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(_counters)


def post_worker_init(worker: Any) -> None:
    """Let streams end as soon as the worker is asked to stop, and tell the supervisor that requests are accepted."""
    telemetry.begin("web", os.environ)
    process = worker.wsgi.extensions[EXTENSION]
    process.waiting.closing = lambda: not worker.alive
    process.warming.start()
    if process.settings.governor == "on":
        process.thrift.start()
    ready_file = os.environ.get("PENSTOCK_READY_FILE")
    if ready_file:
        Path(ready_file).touch()
