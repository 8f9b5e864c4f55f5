"""Files for people to take away, made from what core reads."""
