"""The agent's work on a contact."""
