"""Call notes: what agents write down about calls, to whom it goes, and what the desk shows of a client."""
