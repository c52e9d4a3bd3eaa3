"""`contactcenter traffic`: plays the demo city's citizens and agents, by public doors only."""
