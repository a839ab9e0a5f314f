"""Federated learning: updates of many clients made one, robustly and privately, without anybody's data."""
