"""Causal discovery by resampling: true causes named with honest confidence, quiet on noise."""
