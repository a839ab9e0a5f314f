"""Flower, all of it behind a login: its metrics, too, which it would show to anybody."""

import os
import sys

from celery.bin.celery import celery
from flower.views.monitor import Metrics
from tornado.web import authenticated

from tasks.flower_entry import open_entry
from tasks.onlooking import look_on


def main() -> None:
    """Run Flower with the options of the command line; stops at once where no login is set."""
    if not os.environ.get("FLOWER_BASIC_AUTH"):
        sys.exit("FLOWER_BASIC_AUTH: Flower is not shown to everybody; set it to user:password")
    Metrics.get = authenticated(Metrics.get)
    open_entry()
    look_on()
    celery.main(args=["flower", *sys.argv[1:]], prog_name="celery")


if __name__ == "__main__":
    main()
