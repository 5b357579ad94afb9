"""``python -m pipeline`` is ``polyleaf``."""

from pipeline.cli import main

main(prog_name="polyleaf")
