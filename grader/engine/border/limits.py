"""How much may cross at once. The receiver checks all of it before it allocates or recurses."""

MAX_BYTES = 256 * 1024 * 1024  # a frame
MAX_HEADER_BYTES = 64 * 1024 * 1024  # its JSON part
MAX_ITEMS = 1_000_000
MAX_NUMBERS = 20_000_000  # in lists that cross as arrays, their rows included
MAX_DEPTH = 100
MAX_DIGITS = 4_000  # of an integer
MAX_AXES = 32
MAX_OUTPUT = 100_000  # characters that a call printed
MAX_NESTING = 20  # calls within calls, to and fro
