"""The file that opens when a person takes over: what to decide by, live, and told in a paragraph."""

from respite.support.borrower_file.contents import BorrowerFile, Consent, Refused, Trouble, Verified
from respite.support.borrower_file.fingerprint import version_of
from respite.support.borrower_file.reading import begin_to_read, read_file
from respite.support.borrower_file.summary import summary

__all__ = [
    "BorrowerFile",
    "Consent",
    "Refused",
    "Trouble",
    "Verified",
    "begin_to_read",
    "read_file",
    "summary",
    "version_of",
]
