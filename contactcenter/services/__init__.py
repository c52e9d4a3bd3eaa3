"""The city's services as data: read out of other houses' catalogues, kept, and shown."""
