"""Reading the connection data of phone systems. Pure: bytes in, frames of legs and calls out.

lines      bytes -> blocks of whole lines
asterisk   blocks -> legs | bad lines          generic   blocks -> calls | bad lines
zone       the server's local time -> UTC
groups     which legs are one call
fold       groups of legs -> calls             intricate the same for groups with Local channels and transfers
telephone  numbers as written -> E.164, network
owner      whose call it is, which agent's
"""
