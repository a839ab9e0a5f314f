"""The documentation site: pages written by hand in `docs/`, and a reference written from the code."""
