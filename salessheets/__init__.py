"""salessheets: the sales manual's tables as Excel forms, merged into one weekly workbook per brand."""

__version__ = "0.1.0"
