"""Which columns of the schema are about people, whatever tables there are; every other id is of a thing."""

BELONGING = ("member_id",)
"""Ids by which a row belongs to a person."""
NAMING = ("submitted_by", "created_by", "paused_by", "made_by")
"""Ids of whoever made or did what the row tells of."""
EVIDENCE = ("actor_id", "requested_by", "subject")
"""Ids in what proves something: the trail, erasures, and whose keys there are."""
WORDS = ("acknowledged_by", "decided_by", "ended_by", "who")
"""Columns that say in words who did something: a member by `member_label`, a key by its name."""
FORGOTTEN = "erased member"
"""What the words say afterwards."""
