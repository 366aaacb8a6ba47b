"""Exchange: catalogues that come in from workbooks and CSV files, and go out the same way."""
