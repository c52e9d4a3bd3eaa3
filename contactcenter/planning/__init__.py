"""What would be, with other agents; and what was decided, decided once more by the same rules."""
