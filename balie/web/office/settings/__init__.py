"""What the operator sets once: who it is, its mail, its phone systems, its staff, how long things are kept."""
