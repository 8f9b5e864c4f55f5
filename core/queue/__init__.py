"""The queue: filters, listing, search, saved views, the numbers of the day, taking the next one."""
