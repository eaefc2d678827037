"""The writes of accounts: every change of an account, session or code is one of these."""
