"""What agents see and ask for one client, set by managers: the tab "Desk" of a client."""
