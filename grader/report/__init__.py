"""The class report: what a graded class shows about its students, and about the questions that they were asked.

Four steps, one direction: `reading` makes data frames of what grading left (`Material`), `reckoning` makes numbers
and words of those (`Report`), `drawing` makes figures, and `page` one self-contained HTML page.
"""
