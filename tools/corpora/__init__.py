"""Keep the corpora up to date, and grade the attackers among them."""
