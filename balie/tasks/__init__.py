"""What waits for a decision by staff: subject, figures, since when, outcome. What opens and closes one lies above."""
