"""Alerts: what somebody should look at, raised by any part of the platform, kept until it is over."""
