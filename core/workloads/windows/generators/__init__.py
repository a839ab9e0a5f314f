"""Generators: bases make values, layers change them; found by where they lie, each with a light twin in `specs/`."""
