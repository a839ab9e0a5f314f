"""Embedded Postgres and Redis: located, initialized, started and stopped without installing anything."""
