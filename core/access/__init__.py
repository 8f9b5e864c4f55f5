"""Who may do what (permissions) and to which rows (scope)."""
