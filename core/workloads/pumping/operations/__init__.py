"""Operating stations: their documents, telemetry, prices, orders of operators, plans, and the loop that makes them."""
