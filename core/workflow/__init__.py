"""The one mechanism that moves any subject with a status: definitions, engine, leases, clocks."""
