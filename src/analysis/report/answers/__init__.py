"""Answers to questions of the Flemish Parliament, point by point from the ledger."""
