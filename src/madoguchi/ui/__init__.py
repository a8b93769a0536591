"""Components, languages and the base page: the one storey that makes markup."""
