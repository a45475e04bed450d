"""The portal: what the people of a client see of their own calls, costs, documents and contract, and nothing else."""
