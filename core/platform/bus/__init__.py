"""The event bus: documented topics, published with the fact they tell of, kept in Postgres, carried over Redis."""
