"""Gossip: averages found without a server, each node mixing with its neighbors."""
