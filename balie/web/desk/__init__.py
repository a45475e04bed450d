"""The desk: pages for agents. Notes and what to say for a client; no prices, no figures of others."""
