"""The Celery application of those who run no job and ask no database: Beat and Flower, a third lighter for it.

They read the few settings that they need themselves: `core.config` brings along what knows databases and keys.
"""

import sys
from pathlib import Path

from celery import Celery
from environs import Env, EnvValidationError

from core.logs import configure_logs
from tasks.configuration import make_app, quiet_celery


def look_on() -> Celery:
    """Make the application, and have this process log as all do; stops it where the environment lacks something."""
    env = Env(eager=False)
    broker = env.str("PENSTOCK_BROKER_URL", "") or env.str("REDIS_URL")
    data_dir = env.path("PENSTOCK_DATA_DIR", Path())
    log_format, level = env.str("PENSTOCK_LOG_FORMAT", "json"), env.str("PENSTOCK_LOG_LEVEL", "INFO")
    try:
        env.seal()
    except EnvValidationError as error:
        sys.exit(f"{error}")
    configure_logs(log_format=log_format, level=level)
    quiet_celery()
    return make_app(broker, data_dir)
