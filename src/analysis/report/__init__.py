"""From chapter notebooks to one report: run, model, HTML, PDF."""
