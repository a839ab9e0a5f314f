"""The dashboard's pages: each module a blueprint, found by where it lies."""
