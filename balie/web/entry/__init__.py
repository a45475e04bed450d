"""Getting in and out: login, password, language, colours. The only pages without `@office`."""
