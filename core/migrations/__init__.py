"""The way the schema came to be: one file a step, taken in order by `core.db.migrate`."""
