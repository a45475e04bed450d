"""A world file: everything an operator may set, in one JSON object, checked and loaded in one transaction.

reading   bytes -> what the JSON says, with what JSON forgives and we do not (double keys, NaN) marked
kinds     what one value may be: an amount, a day, an address …; each says what is wrong and where
shape     which keys an object may have, which it must have
parts     the description of a world file: every key of it
sense     what spans several keys of one object
naming    which client, tariff, agent a name in the file stands for
loading   the parts into the tables, all or nothing
"""
