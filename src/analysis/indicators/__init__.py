"""Pure functions: facts or cells in, rows of the ledger out. No language, no format, no file."""
