"""What `bench simulation` measures: equal models here and at the peers."""
