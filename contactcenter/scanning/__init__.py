"""Every file that comes in, by whatever door, is given to a scanner where one is set."""
