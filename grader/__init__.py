"""A course on recurrent networks, and the autograder that an instructor can trust.

In a lesson: `from grader import checks as check, lab`. In a terminal: `grader --help`.
"""

from grader.sooner import put_off_addresses

put_off_addresses()
del put_off_addresses
