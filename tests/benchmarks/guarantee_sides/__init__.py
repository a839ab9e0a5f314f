"""Bare Celery and Penstock put to the same faults, each side told by what reached its own record of effects."""
