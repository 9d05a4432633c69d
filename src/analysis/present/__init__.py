"""Sentences, tables and figures: the only room that knows languages."""
