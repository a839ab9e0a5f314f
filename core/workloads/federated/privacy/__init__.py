"""Differential privacy: what a release tells of any one client, bounded, noised and accounted for.

Two sets of updates are neighbors when one client's update is zero in one of them ("zero-out", Kairouz et al. 2021,
arXiv:2103.00039, section 2.1). How many clients there are is public.
"""
