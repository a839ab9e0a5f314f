"""The intermediate representation that every front end ends in and every pass and the code generator begin with."""
