package java.lang;

public final class Integer extends Number implements Comparable<Integer> {
    public static final int MAX_VALUE = 2147483647;
    public static final int MIN_VALUE = -2147483648;

    static native String text(long n);
    public int intValue() { return (int) this; }
    public long longValue() { return (int) this; }
    public double doubleValue() { return (int) this; }
    public int compareTo(Integer other) { return compare((int) this, (int) other); }
    public boolean equals(Object other) { return other instanceof Integer && (int) other == (int) this; }
    public int hashCode() { return (int) this; }
    public String toString() { return text((int) this); }

    public static Integer valueOf(int n) { return n; }
    public static Integer valueOf(String s) { return parseInt(s); }
    public static String toString(int n) { return text(n); }
    public static int hashCode(int n) { return n; }
    public static int compare(int a, int b) { return a < b ? -1 : a == b ? 0 : 1; }
    public static int max(int a, int b) { return a > b ? a : b; }
    public static int min(int a, int b) { return a < b ? a : b; }
    public static int sum(int a, int b) { return a + b; }
    public static int signum(int n) { return n > 0 ? 1 : n < 0 ? -1 : 0; }
    public static int parseInt(String s) { return parseInt(s, 10); }
    public static int parseInt(String s, int radix) {
        long found = Long.parse(s, radix);
        if (found > MAX_VALUE || found < MIN_VALUE) throw new NumberFormatException(Long.wrong(s, radix));
        return (int) found;
    }
    public static String toBinaryString(int n) { return Long.unsigned(n & 4294967295L, 2); }
    public static String toHexString(int n) { return Long.unsigned(n & 4294967295L, 16); }
    public static String toOctalString(int n) { return Long.unsigned(n & 4294967295L, 8); }
    public static String toString(int n, int radix) { return Long.toString(n, radix); }
    public static int bitCount(int n) { return Long.bitCount(n & 4294967295L); }
    public static int reverse(int n) {
        int found = 0;
        for (int i = 0; i < 32; i++) found = found << 1 | n >>> i & 1;
        return found;
    }
    public static int numberOfLeadingZeros(int n) {
        int count = 0;
        while (count < 32 && (n >>> (31 - count) & 1) == 0) count++;
        return count;
    }
    public static int numberOfTrailingZeros(int n) {
        int count = 0;
        while (count < 32 && (n >>> count & 1) == 0) count++;
        return count;
    }
    public static int highestOneBit(int n) { return n == 0 ? 0 : MIN_VALUE >>> numberOfLeadingZeros(n); }
}
