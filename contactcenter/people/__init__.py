"""Who the city's persons are: all of one over every channel, and which two are one."""
