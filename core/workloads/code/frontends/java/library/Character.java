package java.lang;

public final class Character implements Comparable<Character> {
    public static final char MIN_VALUE = '\u0000';
    public static final char MAX_VALUE = '\uffff';

    static native String text(char c);
    static native char upper(char c);
    static native char lower(char c);
    static native boolean letter(char c);
    public char charValue() { return (char) this; }
    public int compareTo(Character other) { return (char) this - (char) other; }
    public boolean equals(Object other) { return other instanceof Character && (char) other == (char) this; }
    public int hashCode() { return (char) this; }
    public String toString() { return text((char) this); }

    public static Character valueOf(char c) { return c; }
    public static String toString(char c) { return text(c); }
    public static int hashCode(char c) { return c; }
    public static int compare(char a, char b) { return a - b; }
    public static boolean isDigit(char c) { return c >= '0' && c <= '9'; }
    public static boolean isLetter(char c) { return letter(c); }
    public static boolean isAlphabetic(int c) { return letter((char) c); }
    public static boolean isLetterOrDigit(char c) { return isDigit(c) || letter(c); }
    public static boolean isUpperCase(char c) { return lower(c) != c; }
    public static boolean isLowerCase(char c) { return upper(c) != c || c == '\u00df' || c == '\u00ff' || c == '\u00aa' || c == '\u00b5' || c == '\u00ba'; }
    public static boolean isWhitespace(char c) { return c == ' ' || c >= '\t' && c <= '\r' || c >= '\u001c' && c <= '\u001f'; }
    public static boolean isSpaceChar(char c) { return c == ' ' || c == '\u00a0'; }
    public static char toUpperCase(char c) { return upper(c); }
    public static char toLowerCase(char c) { return lower(c); }
    public static int getNumericValue(char c) { return digit(c, 36); }
    public static int digit(char c, int radix) {
        int found = -1;
        if (c >= '0' && c <= '9') found = c - '0';
        else if (c >= 'a' && c <= 'z') found = c - 'a' + 10;
        else if (c >= 'A' && c <= 'Z') found = c - 'A' + 10;
        return found < radix ? found : -1;
    }
    public static char forDigit(int digit, int radix) {
        if (digit < 0 || digit >= radix) return '\u0000';
        return (char) (digit < 10 ? '0' + digit : 'a' + digit - 10);
    }
}
