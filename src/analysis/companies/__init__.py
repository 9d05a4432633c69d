"""Companies: their numbers, later their names, links and ages."""
