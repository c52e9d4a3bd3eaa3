"""What admins set: users, queues, organisations, mailboxes, the configuration as a file."""
