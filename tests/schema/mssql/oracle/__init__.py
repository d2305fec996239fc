"""An interpreter of T-SQL definitions for tests: its own lexer, parser and rules, none of them the product's."""
