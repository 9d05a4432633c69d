"""Proof that the statistics are right: worlds with known truth, in which they must hold."""

from analysis.validation.record import read, table
from analysis.validation.run import validate

__all__ = ["read", "table", "validate"]
