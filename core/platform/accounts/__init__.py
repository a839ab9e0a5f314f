"""Accounts: members of tenants, how they log in, and for how long they are believed."""
