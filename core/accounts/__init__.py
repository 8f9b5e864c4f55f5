"""Accounts, passwords, sign-ins."""
