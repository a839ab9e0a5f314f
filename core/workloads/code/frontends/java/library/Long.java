package java.lang;

public final class Long extends Number implements Comparable<Long> {
    public static final long MAX_VALUE = 9223372036854775807L;
    public static final long MIN_VALUE = -9223372036854775808L;

    public int intValue() { return (int) (long) this; }
    public long longValue() { return (long) this; }
    public double doubleValue() { return (long) this; }
    public int compareTo(Long other) { return compare((long) this, (long) other); }
    public boolean equals(Object other) { return other instanceof Long && (long) other == (long) this; }
    public int hashCode() { return hashCode((long) this); }
    public String toString() { return Integer.text((long) this); }

    public static Long valueOf(long n) { return n; }
    public static Long valueOf(String s) { return parseLong(s); }
    public static String toString(long n) { return Integer.text(n); }
    public static int hashCode(long n) { return (int) (n ^ n >>> 32); }
    public static int compare(long a, long b) { return a < b ? -1 : a == b ? 0 : 1; }
    public static long max(long a, long b) { return a > b ? a : b; }
    public static long min(long a, long b) { return a < b ? a : b; }
    public static long sum(long a, long b) { return a + b; }
    public static int signum(long n) { return n > 0 ? 1 : n < 0 ? -1 : 0; }
    public static long parseLong(String s) { return parse(s, 10); }
    public static int bitCount(long n) {
        int count = 0;
        for (; n != 0; n >>>= 1) count += (int) (n & 1);
        return count;
    }
    public static String toBinaryString(long n) { return unsigned(n, 2); }
    public static String toHexString(long n) { return unsigned(n, 16); }
    public static String toString(long n, int radix) {
        if (radix == 10) return Integer.text(n);
        String text = "";
        long rest = n < 0 ? n : -n;
        while (rest <= -radix) {
            text = Character.forDigit((int) -(rest % radix), radix) + text;
            rest /= radix;
        }
        text = Character.forDigit((int) -rest, radix) + text;
        return n < 0 ? "-" + text : text;
    }

    static String unsigned(long n, int radix) {
        int shift = radix == 2 ? 1 : radix == 8 ? 3 : 4;
        String text = "";
        do {
            text = Character.forDigit((int) (n & radix - 1), radix) + text;
            n >>>= shift;
        } while (n != 0);
        return text;
    }
    static String wrong(String s, int radix) {
        return "For input string: \"" + s + "\"" + (radix == 10 ? "" : " under radix " + radix);
    }
    static long parse(String s, int radix) {
        if (s == null) throw new NumberFormatException("Cannot parse null string");
        int place = 0;
        int length = s.length();
        boolean negative = length > 0 && s.charAt(0) == '-';
        if (length > 1 && (negative || s.charAt(0) == '+')) place = 1;
        if (length == place) throw new NumberFormatException(wrong(s, 10));
        long found = 0;
        while (place < length) {
            int digit = Character.digit(s.charAt(place), radix);
            if (digit < 0 || found < (MIN_VALUE + digit) / radix) throw new NumberFormatException(wrong(s, radix));
            found = found * radix - digit;
            place++;
        }
        if (!negative && found == MIN_VALUE) throw new NumberFormatException(wrong(s, radix));
        return negative ? found : -found;
    }
}
