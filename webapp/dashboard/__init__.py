"""The dashboard: pages for people, rendered from the same core functions that the API calls."""
