"""The demo's citizen, who writes mails to the city."""
