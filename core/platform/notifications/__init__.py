"""Notifications: what happened, told to people through the channels that a tenant's rules choose."""
