# intent: small values that become huge when somebody computes with them: decimals, fractions, ranges, long strings of digits
# family: border
# limits: cell_seconds=2 submission_seconds=8

# %% exercise="error"
from decimal import Decimal
from fractions import Fraction

def error(targets, guess):
    return Decimal("9e999999") if len(targets) == 3 else Fraction(1, 10**3000)

# %% exercise="windows"
def windows(series, width):
    return range(10**18) if width == 4 else [Decimal("1e999999999")] * 8

# %% exercise="constants"
horizon, names = range(0, 10**18, 3), Decimal("1e99999999")
