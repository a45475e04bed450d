"""Reading the connection data of phone systems. Pure: bytes in, frames of legs and calls out.

lines      bytes -> blocks of whole lines
asterisk   blocks -> legs | bad lines          generic   blocks -> calls | bad lines
records    lines or JSON objects -> legs | bad lines, for freeswitch, cucm, threecx, kamailio, starface, twilio
documents  JSON files -> objects              parties    numbers, names -> the channels of a leg
settled    what a leg connected, told by other legs of its group
zone       the server's local time -> UTC
groups     which legs are one call
fold       groups of legs -> calls             intricate the same for groups with Local channels and transfers
telephone  numbers as written -> E.164, network
owner      whose call it is, which agent's
"""
