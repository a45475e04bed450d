"""The pages of win-back cases: the list with what became of them, one case with its figures, the offer to it."""
