"""A row claimed by one worker at a time; nothing else."""
