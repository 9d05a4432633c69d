"""What may be concluded from counts and amounts: bounds, intervals, decompositions."""
