"""The C front end: lexer, preprocessor, parser, semantic analysis, and what it becomes in the IR."""
