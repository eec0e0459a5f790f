"""Documents as pure functions: what is read from and written to spreadsheets."""
