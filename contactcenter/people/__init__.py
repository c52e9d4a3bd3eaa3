"""Persons and their identities (addresses)."""
