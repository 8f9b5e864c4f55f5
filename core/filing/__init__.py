"""How an application comes to be, whichever side of the counter it was made on."""
