"""Whether calls are recorded well: incorrect and missing notes, found by themselves, and reviews by managers."""
