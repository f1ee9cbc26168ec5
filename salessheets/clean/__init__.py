"""Raw text as people type it → comparable values, one module per kind of value.

Every cleaner takes a column of raw text ("" = empty) and returns a data frame with the same index. Each distinct
value is cleaned once; no cleaner raises for what a cell holds, and cleaning its own output changes nothing.
"""

from __future__ import annotations

CLEAN_VERSION = "3"  # part of the cache key of cleaned columns: raise it when any cleaner's answer changes
