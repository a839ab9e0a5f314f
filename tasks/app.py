"""The Celery application of relay and workers, which know the database, too."""

import os

from core.config import read_settings
from core.logs import configure_logs
from tasks.configuration import make_app, quiet_celery

# A job has one core: workers are as many processes as there are cores, and BLAS's threads would only fight for them.
# It is read when numpy is loaded, which the bindings do once the application is made.
for _variable in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"):
    os.environ.setdefault(_variable, "1")

_settings = read_settings()
configure_logs(log_format=_settings.log_format, level=_settings.log_level)
quiet_celery()
app = make_app(_settings.broker_url, _settings.data_dir)
