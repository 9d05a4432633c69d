"""Codes that TED used before eForms, for all its schema versions, in the words of the contracts."""

# TD_DOCUMENT_TYPE says what a notice is; it is needed only where the form does not say so.
FREE_TEXT_KINDS: dict[str, str | None] = {
    "1": "correction",
    "2": "correction",
    "7": "award",
    "V": "voluntary-ex-ante",
}

# PR_PROC. A concession given without a notice (F) was not open to competition, like T and V;
# E says only that it was a concession procedure. 0, 9, N and Z say nothing.
PROCEDURES = {
    "1": "open",
    "2": "restricted",
    "3": "restricted",
    "4": "negotiated-with-call",
    "6": "negotiated-with-call",
    "B": "negotiated-with-call",
    "C": "competitive-dialogue",
    "E": "concession",
    "F": "negotiated-without-call",
    "G": "innovation-partnership",
    "R": "design-contest",
    "T": "negotiated-without-call",
    "V": "negotiated-without-call",
    "0": None,
    "9": None,
    "N": None,
    "Z": None,
}

# AA_AUTHORITY_TYPE
# 5 is "European institution/agency or international organisation", one code for both.
BUYERS = {
    "1": "national",
    "3": "regional-or-local",
    "4": "utility",
    "5": "eu-institution",
    "6": "body-public-law",
    "8": "other",
    "9": None,
    "N": "national",
    "R": "regional-or-local",
    "Z": None,
}

# NC_CONTRACT_NATURE. 9 and Z say nothing.
NATURES = {"1": "works", "2": "supplies", "4": "services", "9": None, "Z": None}

# TED writes the United Kingdom, Greece and Kosovo in its own way.
COUNTRIES = {"UK": "GB", "EL": "GR", "1A": "XK"}
