"""What reading leaves beside the tables: files that could not be read, and what nobody expected."""

from analysis.contracts.table import Column, Table

REJECTS = Table(
    name="rejects",
    row="one file of a delivery that could not be read as a notice",
    key=("delivery", "file"),
    columns={
        "delivery": Column("First 16 digits of the delivery's sha256", "text"),
        "file": Column("Path of the file inside the delivery", "text"),
        "reason": Column("Code of the reason", "text"),
        "found": Column("What was found", "text"),
        "to_do": Column("What a person can do about it", "text"),
    },
)

SIGNALS = Table(
    name="signals",
    row="one name or code that the reader of an era met and does not know",
    key=("era", "place", "found", "example"),
    columns={
        "era": Column("Reader that met it", "text"),
        "place": Column("Parent element, or the name of the code list", "text"),
        "found": Column("The element name or the code", "text"),
        "times": Column("How often it was met", "whole", unit="count"),
        "example": Column("A notice that has it", "text"),
    },
)
