"""Rules on notices: what is counted, once, and which of its amounts can be added up."""

from analysis.notices.pipeline import Kept, apply_rules
from analysis.notices.rules import RULES

__all__ = ["RULES", "Kept", "apply_rules"]
