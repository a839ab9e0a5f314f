"""What simulated platforms are made of: their state in the database, and the troubles they are declared to have."""
