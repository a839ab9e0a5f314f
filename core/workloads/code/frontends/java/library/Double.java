package java.lang;

public final class Double extends Number implements Comparable<Double> {
    public static final double MAX_VALUE = 1.7976931348623157E308;
    public static final double MIN_VALUE = 4.9E-324;
    public static final double POSITIVE_INFINITY = 1.0E308 * 10.0;
    public static final double NEGATIVE_INFINITY = -1.0E308 * 10.0;
    public static final double NaN = 1.0E308 * 10.0 - 1.0E308 * 10.0;

    static native String text(double d);
    static native long bits(double d);
    static native double image(long bits);
    static native long digits(double d);
    static native int exponent(double d);
    static native double of(long digits, int exponent);
    public int intValue() { return (int) (double) this; }
    public long longValue() { return (long) (double) this; }
    public double doubleValue() { return (double) this; }
    public boolean isNaN() { return isNaN((double) this); }
    public boolean isInfinite() { return isInfinite((double) this); }
    public int compareTo(Double other) { return compare((double) this, (double) other); }
    public boolean equals(Object other) { return other instanceof Double && bits((double) other) == bits((double) this); }
    public int hashCode() { return hashCode((double) this); }
    public String toString() { return text((double) this); }

    public static Double valueOf(double d) { return d; }
    public static Double valueOf(String s) { return parseDouble(s); }
    public static String toString(double d) { return text(d); }
    public static int hashCode(double d) { return Long.hashCode(bits(d)); }
    public static long doubleToLongBits(double d) { return bits(d); }
    public static double longBitsToDouble(long bits) { return image(bits); }
    public static boolean isNaN(double d) { return d != d; }
    public static boolean isInfinite(double d) { return d - d != d - d && d == d; }
    public static boolean isFinite(double d) { return d - d == d - d; }
    public static double max(double a, double b) { return Math.max(a, b); }
    public static double min(double a, double b) { return Math.min(a, b); }
    public static double sum(double a, double b) { return a + b; }
    public static int compare(double a, double b) {
        if (a < b) return -1;
        if (a > b) return 1;
        return Long.compare(bits(a), bits(b));
    }
    public static double parseDouble(String s) {
        String text = s.trim();
        int place = 0;
        int end = text.length();
        boolean negative = false;
        if (end == 0) throw new NumberFormatException("empty String");
        if (text.charAt(0) == '-' || text.charAt(0) == '+') {
            negative = text.charAt(0) == '-';
            place = 1;
        }
        String rest = text.substring(place);
        if (rest.equals("NaN")) return NaN;
        if (rest.equals("Infinity")) return negative ? NEGATIVE_INFINITY : POSITIVE_INFINITY;
        long digits = 0;
        int exponent = 0;
        int seen = 0;
        boolean point = false;
        while (place < end) {
            char c = text.charAt(place);
            if (c == '.' && !point) {
                point = true;
            } else if (c >= '0' && c <= '9') {
                if (digits < 100000000000000000L) {
                    digits = digits * 10 + (c - '0');
                    if (point) exponent--;
                } else if (!point) {
                    exponent++;
                }
                seen++;
            } else {
                break;
            }
            place++;
        }
        if (seen > 0 && place < end && (text.charAt(place) == 'e' || text.charAt(place) == 'E')) {
            try {
                exponent += Integer.parseInt(text.substring(place + 1));
            } catch (NumberFormatException e) {
                throw new NumberFormatException(Long.wrong(s, 10));
            }
            place = end;
        }
        if (place == end - 1 && "dDfF".indexOf(text.charAt(place)) >= 0) place = end;
        if (seen == 0 || place < end) throw new NumberFormatException(Long.wrong(s, 10));
        double found = of(digits, exponent);
        return negative ? -found : found;
    }
}
