"""The queue page: its lists and filters, and the officer's saved views of them."""
