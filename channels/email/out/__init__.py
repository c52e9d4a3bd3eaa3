"""Mail that leaves: made, signed, and handed to the relay, or else put into a Maildir."""
