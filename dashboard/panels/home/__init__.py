"""The home page: the day in numbers, each with the way to its list."""
