"""Employers: their verification by the province (domain J), and what follows when it ends."""
