"""Forecasts of what comes in and what it costs: models that look at the past alone, chosen by back-test, with bands."""
