"""Attacks: what clients do who want the model to fail. One module for each, found by its name."""

import importlib

from core.workloads.federated.attacks.base import Attack


def find(name: str) -> Attack:
    """Return an attack by the name of its module."""
    attack: Attack = importlib.import_module(f"{__name__}.{name}").ATTACK
    return attack
