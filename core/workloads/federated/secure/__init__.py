"""Secure sums: the server learns the sum of many parties' vectors, and nothing of any one (Bonawitz et al. 2017)."""
