"""The one place where data of any size become small tables that a person can hold."""

from analysis.cells.access import AccessCells, access_cells
from analysis.cells.lots import cells, notice_cells

__all__ = ["AccessCells", "access_cells", "cells", "notice_cells"]
