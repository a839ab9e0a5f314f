"""Federations as tenants keep them: members, rounds, updates that are sent, models that come of them."""
