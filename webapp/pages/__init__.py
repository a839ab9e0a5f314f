"""Pages that are not part of the API: the landing page and what pages are drawn with."""
