"""A contact's life as one trace of OpenTelemetry, told from the events where a setting asks for it.

Nothing of it runs on the way of a contact: a loop of one node follows the log.
"""
