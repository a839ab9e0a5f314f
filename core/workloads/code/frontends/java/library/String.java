package java.lang;

public final class String implements Comparable<String>, CharSequence {
    private native char at(int index);
    private native String part(int start, int stop);
    private native int find(String part, int start);
    private native boolean isAt(String part, int at);
    private native int hash();
    private native String upper();
    private native String lower();
    private native String repeated(int count);
    private native String changed(char old, char now);
    private native char[] characters();
    static native boolean same(String a, String b);
    static native String join2(String a, String b);
    static native String ofCharacters(char[] array, int start, int count);

    public static String $new() { return ""; }
    public static String $new(String s) { return s.toString(); }
    public static String $new(char[] array) { return ofCharacters(array, 0, array.length); }
    public static String $new(char[] array, int start, int count) { return ofCharacters(array, start, count); }
    public static String $new(StringBuilder s) { return s.toString(); }
    public native int length();
    public char charAt(int index) {
        if (index < 0 || index >= length()) {
            throw new StringIndexOutOfBoundsException("String index out of range: " + index);
        }
        return at(index);
    }
    public int codePointAt(int index) { return charAt(index); }
    public String substring(int start) {
        if (start < 0 || start > length()) outside(start, length());
        return part(start, length());
    }
    public String substring(int start, int stop) {
        if (start < 0 || stop > length() || start > stop) outside(start, stop);
        return part(start, stop);
    }
    private void outside(int start, int stop) {
        throw new StringIndexOutOfBoundsException("begin " + start + ", end " + stop + ", length " + length());
    }
    public CharSequence subSequence(int start, int stop) { return substring(start, stop); }
    public boolean isEmpty() { return length() == 0; }
    public boolean isBlank() { return strip().isEmpty(); }
    public boolean equals(Object other) { return other instanceof String && same(this, (String) other); }
    public boolean equalsIgnoreCase(String other) { return other != null && same(lower(), other.lower()); }
    public boolean contentEquals(CharSequence other) { return same(this, other.toString()); }
    public int hashCode() { return hash(); }
    public String toString() { return this; }
    public String intern() { return this; }
    public int compareTo(String other) {
        int count = Math.min(length(), other.length());
        for (int i = 0; i < count; i++) {
            int difference = at(i) - other.at(i);
            if (difference != 0) return difference;
        }
        return length() - other.length();
    }
    public int compareToIgnoreCase(String other) { return lower().compareTo(other.lower()); }
    public int indexOf(String part) { return find(part, 0); }
    public int indexOf(String part, int start) { return find(part, Math.max(start, 0)); }
    public int indexOf(int c) { return indexOf(c, 0); }
    public int indexOf(int c, int start) {
        int count = length();
        for (int i = Math.max(start, 0); i < count; i++) if (at(i) == c) return i;
        return -1;
    }
    public int lastIndexOf(int c) {
        int i = length() - 1;
        while (i >= 0 && at(i) != c) i--;
        return i;
    }
    public int lastIndexOf(String part) {
        int i = length() - part.length();
        while (i >= 0 && !isAt(part, i)) i--;
        return Math.max(i, -1);
    }
    public boolean contains(CharSequence part) { return find(part.toString(), 0) >= 0; }
    public boolean startsWith(String part) { return isAt(part, 0); }
    public boolean startsWith(String part, int at) { return at >= 0 && isAt(part, at); }
    public boolean endsWith(String part) { return length() >= part.length() && isAt(part, length() - part.length()); }
    public String concat(String other) { return join2(this, other.toString()); }
    public String toUpperCase() { return upper(); }
    public String toLowerCase() { return lower(); }
    public String trim() {
        int start = 0;
        int stop = length();
        while (start < stop && at(start) <= ' ') start++;
        while (start < stop && at(stop - 1) <= ' ') stop--;
        return part(start, stop);
    }
    public String strip() { return stripLeading().stripTrailing(); }
    public String stripLeading() {
        int start = 0;
        while (start < length() && Character.isWhitespace(at(start))) start++;
        return part(start, length());
    }
    public String stripTrailing() {
        int stop = length();
        while (stop > 0 && Character.isWhitespace(at(stop - 1))) stop--;
        return part(0, stop);
    }
    public String repeat(int count) {
        if (count < 0) throw new IllegalArgumentException("count is negative: " + count);
        return repeated(count);
    }
    public String replace(char old, char now) { return changed(old, now); }
    public String replace(CharSequence old, CharSequence now) {
        String wanted = old.toString();
        String text = now.toString();
        String found = "";
        int place = 0;
        int step = Math.max(wanted.length(), 1);
        while (true) {
            int next = find(wanted, place);
            if (next < 0) return found + part(Math.min(place, length()), length());
            if (wanted.length() == 0) {
                found = found + text + part(next, Math.min(next + 1, length()));
            } else {
                found = found + part(place, next) + text;
            }
            place = next + step;
        }
    }
    public String replaceAll(String pattern, String now) {
        String found = "";
        int place = 0;
        int from = 0;
        while (place < length()) {
            int count = $Pattern.match(pattern, this, place);
            if (count > 0) {
                found = found + part(from, place) + now;
                place += count;
                from = place;
            } else {
                place++;
            }
        }
        return found + part(from, length());
    }
    public boolean matches(String pattern) { return $Pattern.match(pattern, this, 0) == length(); }
    public String[] split(String pattern) { return split(pattern, 0); }
    public String[] split(String pattern, int limit) {
        java.util.ArrayList<String> found = new java.util.ArrayList<>();
        int from = 0;
        int place = 0;
        while (place < length() && (limit <= 0 || found.size() < limit - 1)) {
            int count = $Pattern.match(pattern, this, place);
            if (count > 0) {
                if (place > 0 || count > 0 && place + count > 0 && from < place || place == 0) found.add(part(from, place));
                place += count;
                from = place;
            } else if (count == 0 && pattern.isEmpty()) {
                place++;
                if (place < length()) found.add(part(from, place));
                if (place < length()) from = place;
            } else {
                place++;
            }
        }
        if (found.isEmpty()) return new String[] {this};
        found.add(part(from, length()));
        int size = found.size();
        if (limit == 0) while (size > 0 && found.get(size - 1).isEmpty()) size--;
        String[] result = new String[size];
        for (int i = 0; i < size; i++) result[i] = found.get(i);
        return result;
    }
    public char[] toCharArray() { return characters(); }

    public static String valueOf(Object x) { return x == null ? "null" : x.toString(); }
    public static String valueOf(int n) { return Integer.text(n); }
    public static String valueOf(long n) { return Integer.text(n); }
    public static String valueOf(double d) { return Double.text(d); }
    public static String valueOf(char c) { return Character.text(c); }
    public static String valueOf(boolean b) { return b ? "true" : "false"; }
    public static String valueOf(char[] array) { return ofCharacters(array, 0, array.length); }
    public static String valueOf(char[] array, int start, int count) { return ofCharacters(array, start, count); }
    public static String copyValueOf(char[] array) { return valueOf(array); }
    public static String join(CharSequence between, CharSequence... parts) {
        String found = "";
        for (int i = 0; i < parts.length; i++) found = found + (i > 0 ? between.toString() : "") + parts[i];
        return found;
    }
    public static String join(CharSequence between, Iterable<? extends CharSequence> parts) {
        String found = "";
        boolean first = true;
        for (CharSequence one : parts) {
            found = found + (first ? "" : between.toString()) + one;
            first = false;
        }
        return found;
    }
    public static String format(String format, Object... args) { return $Format.format(format, args); }
    public String formatted(Object... args) { return $Format.format(this, args); }
}
