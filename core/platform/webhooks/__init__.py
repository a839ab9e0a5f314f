"""Webhooks: signed requests that tell a tenant's own servers what became of its jobs."""
