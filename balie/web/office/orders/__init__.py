"""The pages of orders and cancellations: lists, one order with its stopwatch, placing and cancelling for a client."""
