"""The phone systems: what they are called, how their files read, where these lie; a file and a place tried first.

fields.py  a phone system as a form, and a form as a world file would say it
pages.py   the list, one phone system, a new one
deeds.py   storing, taking back, removing
tries.py   what a place has and how a file reads, with the form as it stands; nothing is stored
"""
