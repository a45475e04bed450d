"""Quality in the office: what is wrong with notes, how checks are set, notes that managers look at."""
