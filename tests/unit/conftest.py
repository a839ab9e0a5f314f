"""What the unit tests share: generated examples have no deadline, since the machine may be busy with other tests."""

from hypothesis import settings

settings.register_profile("suite", deadline=None, database=None)
settings.load_profile("suite")
