"""Figures about the lender's help: each module reads one kind of them from the store, for a period.

Every figure is a count, a length of time or a share; none names a borrower. The dashboards of the console and
`respite report` show the same ones.
"""
