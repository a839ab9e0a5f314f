"""Sealed values: fields that are encrypted in the database, each bound to its tenant, table, column and row."""
