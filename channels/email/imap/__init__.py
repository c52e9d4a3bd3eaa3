"""Mail that we fetch from mailboxes, by IMAP."""
