"""Finders of personal data in metadata texts (UU 27/2022, article 4): what, not the value itself.

NIK: 16 digits, province, regency, district, date of birth (day + 40 for women), serial number. NPWP: its printed form.
Mobile numbers: Indonesian prefix 08 or +62 8. E-mail addresses of units are not personal, addresses at mail providers are.
"""

from __future__ import annotations

import datetime as dt
import re

PROVINCES = frozenset(range(11, 22)) | frozenset({31, 32, 33, 34, 35, 36, 51, 52, 53}) | frozenset(range(61, 66))
PROVINCES |= frozenset({71, 72, 73, 74, 75, 76, 81, 82, 91, 92, 93, 94, 95, 96, 97})
FREE_MAIL = (
    "aol", "gmail", "gmx", "googlemail", "hotmail", "icloud", "live", "mac", "mail", "me", "msn", "outlook", "pm", "proton",
    "protonmail", "rocketmail", "tuta", "tutanota", "yahoo", "yandex", "ymail", "zoho",
)  # fmt: skip
"""Providers whose addresses everybody gets, by the name before the end of their domains (gmail.com, yahoo.co.id)."""
PROVIDER = re.compile(rf"(?:{'|'.join(FREE_MAIL)})\.(?:[a-z]+|com?\.[a-z]{{2}})")
"""A server "mail" or "live" of an office (mail.paserkab.go.id) is none."""
SIXTEEN = re.compile(r"(?<![\d.,])\d{16}(?![\d.,])")
NPWP = re.compile(r"(?<!\d)\d{2}\.\d{3}\.\d{3}\.\d-\d{3}\.\d{3}(?!\d)")
MOBILE = re.compile(r"(?<![\d.,])(?:\+62|62|0)[ .-]?8\d{1,3}(?:[ .-]?\d{3,4}){2,3}(?![\d.,])")
MAIL = re.compile(r"[\w.+-]+@([\w-]+\.[\w.-]+)")


def is_nik(digits: str) -> bool:
    """Tell whether 16 digits are built like a NIK (population register number)."""
    if not re.fullmatch(r"\d{16}", digits) or int(digits[:2]) not in PROVINCES:
        return False
    if "00" in (digits[2:4], digits[4:6]) or digits[12:] == "0000":
        return False
    day, month, year = int(digits[6:8]) % 40, int(digits[8:10]), int(digits[10:12])
    try:
        dt.date(2000 + year, month, day)
    except ValueError:
        return False
    return int(digits[6:8]) <= 71


def is_personal_mail(address: str) -> bool:
    """Tell whether an e-mail address is a person's: those at free mail providers."""
    return bool(PROVIDER.fullmatch(address.rpartition("@")[2].strip().lower().rstrip(".")))


def findings(text: str) -> tuple[str, ...]:
    """Return which kinds of personal data ``text`` holds: nik, npwp, phone, email; never the values."""
    found = []
    if any(is_nik(digits) for digits in SIXTEEN.findall(text)):
        found.append("nik")
    if NPWP.search(text):
        found.append("npwp")
    if MOBILE.search(text):
        found.append("phone")
    if any(is_personal_mail(match.group()) for match in MAIL.finditer(text)):
        found.append("email")
    return tuple(found)
