"""The console command as `python -m webapp.cli`, which the platform uses to start itself in the background."""

from webapp.cli import main

main(prog_name="penstock")
