"""An interpreter of T-SQL for tests: its lexer, parser and rules are its own."""
