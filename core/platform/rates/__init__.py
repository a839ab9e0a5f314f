"""Rate limits: how often one principal may ask for one thing, counted over a window that slides."""
