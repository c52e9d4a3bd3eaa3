"""Who gets what, and for how long an offer stands."""
