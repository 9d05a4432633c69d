"""Which contracts buy innovation: signals, a classifier, and the sample that judges both."""
