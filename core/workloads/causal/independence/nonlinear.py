"""Linear and nonlinear effects: squares, saturation and products are offered whatever the evidence."""

from core.workloads.causal.independence.auto import Auto


class Nonlinear(Auto):
    """Leave all gates open."""

    always = True


TEST = Nonlinear()
