"""The line: contacts' states and transitions, their place, and its projection into Redis."""
