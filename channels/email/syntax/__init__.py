"""A mail's bytes by the rules of the RFCs: its head, its parts and their text, addresses and
Message-IDs. Knows nothing of what a mail means."""
