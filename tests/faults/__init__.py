"""The proof that nothing is lost: a checker outside the product breaks what it stands on, and
judges by its own ledger what became of all that was acknowledged. `python -m tests.faults [NAMES]`;
docs/reliability.md says what is promised, and how it is proven."""
