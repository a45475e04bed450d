"""Month closing, statements as PDF, the month report, exports."""
