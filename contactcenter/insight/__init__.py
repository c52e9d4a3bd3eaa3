"""What becomes of contacts, by service, channel, language and time: counted by week, told without
anybody being in it (docs/insight.md)."""
