"""Intake: filings made elsewhere (portals, mini-program), one JSON each with its pictures.

A packet passes the same checks and the same first transitions as any filing, in one transaction,
or changes nothing. Format and rules: `docs/intake.md`.
"""
