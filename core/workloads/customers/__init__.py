"""Customers: profiles, segments, audiences, a trust gate that fails closed, campaigns, CRM."""
