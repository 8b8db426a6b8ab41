"""The ledger: posting sheets, reversing them, reading balances, proving that everything agrees."""
