"""Passwords of workbooks: one per brand, from the environment or the keyboard, never written anywhere.

``SALESSHEETS_PASSWORDS`` holds ``品牌=密码`` pairs, divided by ``;``. 销售部 is the sales department's workbook. A brand may
stand there twice: the first password is used for writing, all of them for reading, so that a password can be changed.
``品牌=`` without a password takes the protection away.
"""

from __future__ import annotations

import io
import os
from collections.abc import Mapping
from dataclasses import dataclass, field

VARIABLE = "SALESSHEETS_PASSWORDS"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PACKAGE = "EncryptedPackage".encode("utf-16-le")


@dataclass(frozen=True)
class Passwords:
    """of: brand → its passwords, the one to write with first ("" = written open). Never shown."""

    of: Mapping[str, tuple[str, ...]] = field(default_factory=dict, repr=False, hash=False)

    @classmethod
    def from_environment(cls) -> Passwords:
        """What ``SALESSHEETS_PASSWORDS`` says; pairs without = are ignored."""
        found: dict[str, tuple[str, ...]] = {}
        for pair in os.environ.get(VARIABLE, "").replace("\uff1b", ";").split(";"):
            brand, equals, password = pair.partition("=")
            if equals and brand.strip():
                found[brand.strip()] = (*found.get(brand.strip(), ()), password.strip())
        return cls(found)

    def also(self, brand: str, password: str) -> Passwords:
        """The same and one more, typed just now, to be written with."""
        return Passwords({**self.of, brand: (password, *self.of.get(brand, ()))})

    def writing(self, brand: str) -> str:
        """The password a brand's workbook is written with, "" for none."""
        return next(iter(self.of.get(brand, ())), "")

    def seal(self, data: bytes, brand: str) -> bytes:
        """The workbook with the brand's password (ECMA-376 agile encryption); as it was when the brand has none."""
        password = self.writing(brand)
        if not password:
            return data
        from msoffcrypto.format.ooxml import OOXMLFile

        out = io.BytesIO()
        OOXMLFile(io.BytesIO(data)).encrypt(password, out)
        return out.getvalue()

    def unlock(self, data: bytes) -> bytes:
        """A workbook that one of our passwords opens, without it; anything else as it was."""
        if not self.of or not is_locked(data):
            return data
        import msoffcrypto

        for password in sorted({p for many in self.of.values() for p in many if p}):
            out = io.BytesIO()
            try:
                locked = msoffcrypto.OfficeFile(io.BytesIO(data))
                locked.load_key(password=password, verify_password=True)
                locked.decrypt(out)
            except Exception:  # noqa: BLE001, S112  a wrong password shows as anything from ValueError to its own errors
                continue
            return out.getvalue()
        return data


def is_locked(data: bytes) -> bool:
    """Whether the file is a workbook behind a password."""
    return data.startswith(_OLE) and _PACKAGE in data
