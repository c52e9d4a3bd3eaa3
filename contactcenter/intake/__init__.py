"""From an Inbound to person, case, contact and message: one statement, one commit."""
