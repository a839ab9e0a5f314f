"""What each program provides for the library: answers about its own classes, names and lines."""

EXTERNAL = {
    "program_parent": 1,  # class -> the class above it, 0 for none
    "program_lookup": 2,  # class, name -> what the class or one above it has by that name, else UNBOUND
    "program_place": 2,  # class, name -> word of an instance where the attribute lies, 0 for none
    "program_words": 1,  # class -> words of an instance
    "program_construct": 7,  # class, count, four arguments, more -> a new instance
    "program_class_name": 1,  # class -> its name as a string
    "program_name": 1,  # name -> the attribute's name as a string
    "program_where": 1,  # number of a function -> its name as a string
    "program_stop": 1,  # line -> never comes back: a trap there
}
"""Functions that a program's own part of the module defines, with their numbers of arguments."""
MAY_COLLECT = frozenset({"program_construct", "program_lookup"})
