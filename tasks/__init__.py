"""Celery, and nothing that could be tested without it."""
