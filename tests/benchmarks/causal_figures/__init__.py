"""Accuracy and speed of causal discovery: made windows with a known truth, peers, figures."""
