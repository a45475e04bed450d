"""What closed months would have cost at another tariff.

asking.py  what was asked for, and asking: with a tariff as it stands, with what stands in the editor, again
result.py  one what-if: how far it is, who would pay less and who more, a client's months, the same as a file
"""
