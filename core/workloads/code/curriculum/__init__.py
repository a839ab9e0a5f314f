"""The course: modules with lessons to read and exercises to be graded, as files that anybody can add to."""
