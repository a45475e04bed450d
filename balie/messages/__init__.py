"""SMS: lists of them imported, whose each is, what they count, and sums per client and month."""
