"""What the population of an epidemic takes."""

from core.workloads.simulation.population_specs.base import PopulationSpec, above_zero, share


class SirSpec(PopulationSpec):
    """Agents that are susceptible, infected or recovered and meet everybody alike."""

    MEASURES = ("susceptible", "infected", "recovered")
    SETTINGS = ("contacts", "recovery")

    contacts = above_zero("Infectious contacts of an infected agent a turn, if all are susceptible", 0.3)
    recovery = share("Chance to recover in a turn", 0.125)
    first_infected = share("Part of the agents that is infected at the start", 0.01)


SPEC = SirSpec
