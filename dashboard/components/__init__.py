"""What browser and address ask for on any page: table, viewer, pager, widgets in the address."""
