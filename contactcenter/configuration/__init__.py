"""What an admin sets: organisations, queues, outcomes, templates, sites, users; one by one or as
one file."""
