"""Simulation: what happens next, in ensembles of stock-and-flow models, of dynamics on causal graphs and of agents."""
