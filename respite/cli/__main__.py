"""`python -m respite.cli` is `respite`."""

from respite.cli import main

main()
