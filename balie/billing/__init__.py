"""What a month costs a client: measured, priced, frozen when the month is closed, corrected afterwards."""
