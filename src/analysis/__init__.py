"""The yearly evaluation of innovation procurement and start-up access in Flanders."""
