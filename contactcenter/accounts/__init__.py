"""Organisations, users, roles, sessions, authorisation and audit."""
