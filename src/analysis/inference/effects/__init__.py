"""What a measure changed: those it reached against those it has not (yet) reached."""
