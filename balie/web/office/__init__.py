"""The office: what managers see. One file per group of pages; every view carries `@office`."""
