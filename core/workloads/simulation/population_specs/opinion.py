"""What the population of an opinion takes."""

from core.workloads.simulation.population_specs.base import PopulationSpec, above_zero, share


class OpinionSpec(PopulationSpec):
    """Agents with opinions from 0 to 1 who meet in pairs and come closer if they are not too far apart."""

    MEASURES = ("mean", "spread", "groups", "largest_group")
    SETTINGS = ("confidence", "convergence")

    confidence = above_zero("How far apart opinions may be that still move each other", 0.2)
    convergence = share("How far both move, 0.5: to the middle", 0.5)


SPEC = OpinionSpec
