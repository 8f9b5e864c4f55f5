"""Work that no person starts: the lapses that the law attaches to a date."""
