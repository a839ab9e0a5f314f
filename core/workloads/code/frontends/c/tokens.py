"""What the lexer makes of C source: tokens, and the words and signs of the language."""

from dataclasses import dataclass

from core.workloads.code.ir.instructions import Position

KEYWORDS = frozenset(
    {*("auto", "break", "case", "char", "const", "continue", "default", "do", "double", "else", "enum", "extern")}
    | {*("float", "for", "goto", "if", "inline", "int", "long", "register", "restrict", "return", "short", "signed")}
    | {*("sizeof", "static", "struct", "switch", "typedef", "union", "unsigned", "void", "volatile", "while", "_Bool")}
)
PUNCTUATORS = (
    *("...", "<<=", ">>="),
    *("->", "++", "--", "<<", ">>", "<=", ">=", "==", "!=", "&&", "||"),
    *("+=", "-=", "*=", "/=", "%=", "&=", "^=", "|=", "##"),
    *"[](){}.&*+-~!/%<>^|?:;=,#",
)

NAME, KEYWORD, NUMBER, CHARACTER, STRING, SIGN, END = "name", "keyword", "number", "character", "string", "sign", "end"


@dataclass(slots=True, eq=False)
class Token:
    """One token: its kind, its text as written, where it begins, and whether it starts a line or follows a space."""

    kind: str
    text: str
    at: Position
    starts_line: bool = False
    spaced: bool = False
    hidden: frozenset[str] = frozenset()
    """Names of macros that it came out of, which must not replace it again."""

    @property
    def end_column(self) -> int:
        """The column after its last character."""
        return self.at.column + len(self.text)

    def shown(self) -> str:
        """As a diagnostic names it."""
        return "the end of the source" if self.kind == END else f"'{self.text}'"
