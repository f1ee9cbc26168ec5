"""Workbooks from a finished week: everything that people open in Excel."""
