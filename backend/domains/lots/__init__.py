"""The quantity ledger: lots, born by harvest."""
