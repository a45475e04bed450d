"""The pages of the pool of numbers: the list, one number, adding some, and what is done with one."""
