"""Beat: fires the platform's own periodic entries; knows the names of tasks and nothing of what they do."""

import argparse
import sys
from collections.abc import Sequence

from celery import signals

from tasks.onlooking import look_on
from tasks.readiness import touch_ready_file


def main(argv: Sequence[str] | None = None) -> None:
    """Fire until told to stop."""
    parser = argparse.ArgumentParser(prog="python -m tasks.beat", description=__doc__)
    parser.add_argument("--state", help="the file that keeps what was fired when; each Beat needs its own")
    options = parser.parse_args(argv)
    signals.beat_init.connect(touch_ready_file, weak=False)
    look_on().Beat(schedule=options.state, quiet=True).run()


if __name__ == "__main__":
    main(sys.argv[1:])
