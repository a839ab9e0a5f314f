package java.lang;

public final class Short extends Number implements Comparable<Short> {
    public static final short MAX_VALUE = 32767;
    public static final short MIN_VALUE = -32768;

    public short shortValue() { return (short) this; }
    public int intValue() { return (short) this; }
    public long longValue() { return (short) this; }
    public double doubleValue() { return (short) this; }
    public int compareTo(Short other) { return (short) this - (short) other; }
    public boolean equals(Object other) { return other instanceof Short && (short) other == (short) this; }
    public int hashCode() { return (short) this; }
    public String toString() { return Integer.text((short) this); }

    public static Short valueOf(short n) { return n; }
    public static String toString(short n) { return Integer.text(n); }
    public static int compare(short a, short b) { return a - b; }
    public static short parseShort(String s) {
        int found = Integer.parseInt(s);
        if (found > MAX_VALUE || found < MIN_VALUE) throw new NumberFormatException("Value out of range. Value:\"" + s + "\" Radix:10");
        return (short) found;
    }
}
