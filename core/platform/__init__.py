"""Services around jobs: tenants, keys, access, servers."""
