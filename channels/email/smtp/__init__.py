"""Mail that is brought to us, by SMTP or LMTP."""
