"""All that an installation holds as one file, and back; nothing of it is used while Balie runs otherwise."""
