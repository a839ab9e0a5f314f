"""Pump optimization for a storage tunnel."""
