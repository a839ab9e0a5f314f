"""This file is about pictures: how the attendant lays types between the digits of a printed number.

`9` is a digit, `#` a digit if any is left, `,` itself if any is left, `-` a minus sign of a negative number, `+`
that or a space, `±` and `@` a sign of any number; everything else is itself. Digits that have no place come first.
"""

PLAIN = ""


def drawn(picture: str, value: int) -> str:
    """Write a number through a picture, plainly where there is none."""
    if picture == PLAIN:
        return str(value)
    digits = list(str(abs(value)))
    written: list[str] = []
    signed = False
    for letter in reversed(picture):
        if letter in "9#,":
            if digits:
                written.append("," if letter == "," else digits.pop())
            elif letter == "9":
                written.append("0")
        elif letter in "-+±@":
            written.append(_sign(letter, negative=value < 0))
            signed = True
        else:
            written.append(letter)
    written.extend(reversed(digits))
    text = "".join(reversed(written))
    return "-" + text if value < 0 and not signed else text


def _sign(letter: str, *, negative: bool) -> str:
    if negative:
        return "-"
    return {"-": "", "+": " "}.get(letter, "+")
