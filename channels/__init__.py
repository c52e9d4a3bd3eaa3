"""The doors: each speaks one protocol to the outside and hands over by contactcenter.channel."""
