"""Campaigns: the states of a draft on its way to a platform, and the saga that publishes it. No session here."""
