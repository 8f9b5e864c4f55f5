"""People and companies that do not exist: names, addresses, numbers with right check digits."""
