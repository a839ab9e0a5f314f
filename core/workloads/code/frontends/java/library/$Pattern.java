package java.lang;

class $Pattern {
    /** How many characters a pattern matches at a place; -1 where it does not. */
    static int match(String pattern, String text, int place) { return sequence(pattern, 0, text, place); }

    private static int sequence(String pattern, int at, String text, int place) {
        if (at == pattern.length()) return 0;
        int end = item(pattern, at);
        char more = end < pattern.length() ? pattern.charAt(end) : ' ';
        boolean several = more == '+' || more == '*' || more == '?';
        int least = several && more != '+' ? 0 : 1;
        int most = several && more != '?' ? text.length() : 1;
        int count = 0;
        while (count < most && place + count < text.length() && fits(pattern, at, end, text.charAt(place + count))) count++;
        for (; count >= least; count--) {
            int rest = sequence(pattern, several ? end + 1 : end, text, place + count);
            if (rest >= 0) return count + rest;
        }
        return -1;
    }
    private static void refuse(String pattern) { throw new UnsupportedOperationException("the pattern " + pattern + " is not supported"); }
    private static int item(String pattern, int at) {
        char c = pattern.charAt(at);
        if ("()|^${}*+?".indexOf(c) >= 0) refuse(pattern);
        if (c == '\\') {
            if (at + 1 >= pattern.length() || Character.isLetter(pattern.charAt(at + 1)) && "sdwSDWtn".indexOf(pattern.charAt(at + 1)) < 0) refuse(pattern);
            return at + 2;
        }
        if (c == '[') {
            int end = pattern.indexOf("]", at + 1);
            if (end < 0 || pattern.indexOf("&&", at) >= 0) refuse(pattern);
            return end + 1;
        }
        return at + 1;
    }
    private static boolean fits(String pattern, int at, int end, char c) {
        char kind = pattern.charAt(at);
        if (kind == '.') return c != '\n';
        if (kind == '\\') return escaped(pattern.charAt(at + 1), c);
        if (kind != '[') return kind == c;
        boolean outside = pattern.charAt(at + 1) == '^';
        int i = outside ? at + 2 : at + 1;
        boolean found = false;
        while (i < end - 1) {
            char low = pattern.charAt(i);
            if (low == '\\') {
                found = found || escaped(pattern.charAt(i + 1), c);
                i += 2;
            } else if (i + 2 < end - 1 && pattern.charAt(i + 1) == '-') {
                found = found || low <= c && c <= pattern.charAt(i + 2);
                i += 3;
            } else {
                found = found || low == c;
                i++;
            }
        }
        return found != outside;
    }
    private static boolean escaped(char kind, char c) {
        switch (kind) {
            case 's': return c == ' ' || c >= '\t' && c <= '\r';
            case 'S': return !escaped('s', c);
            case 'd': return c >= '0' && c <= '9';
            case 'D': return !escaped('d', c);
            case 'w': return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_' || escaped('d', c);
            case 'W': return !escaped('w', c);
            case 't': return c == '\t';
            case 'n': return c == '\n';
            default: return kind == c;
        }
    }
}
