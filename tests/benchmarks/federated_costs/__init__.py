"""What aggregation costs, and whether it is the peer's, beside Flower."""
