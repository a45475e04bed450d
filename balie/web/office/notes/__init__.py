"""Call notes in the office: the list, one note, what is wrong with it, corrections by managers."""
