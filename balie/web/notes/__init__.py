"""What the desk, the office and the portal share about call notes."""
