from __future__ import annotations


class Refusal(Exception):
    """The file is not read: a code of the catalogue and the reason in Chinese."""

    def __init__(self, code: str, value: str = "") -> None:
        super().__init__(code, value)
        self.code = code
        self.value = value


def sniff(data: bytes, name: str) -> str:
    if not data:
        raise Refusal("file-empty")
    if data.startswith(b"PK"):
        return "xlsx"
    if data.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return "xls"
    return "csv"
