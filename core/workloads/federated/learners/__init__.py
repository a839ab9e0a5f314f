"""Learners: models that members train here. One module for each, found by its name."""

import importlib
from collections.abc import Mapping
from typing import Any

from core.workloads.federated.learners.base import Learner


def make(asked: Mapping[str, Any], inputs: int, outputs: int) -> Learner:
    """Make the learner that `LearnerParams` ask for, of so many inputs and outputs (or classes)."""
    learner: Learner = importlib.import_module(f"{__name__}.{asked['learner']}").make(asked, inputs, outputs)
    return learner
