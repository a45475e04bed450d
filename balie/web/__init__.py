"""The pages people look at: HTML from the server, htmx where it saves a page load. Never a write: it calls actions."""
