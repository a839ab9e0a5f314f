package java.lang;

public final class Byte extends Number implements Comparable<Byte> {
    public static final byte MAX_VALUE = 127;
    public static final byte MIN_VALUE = -128;

    public byte byteValue() { return (byte) this; }
    public int intValue() { return (byte) this; }
    public long longValue() { return (byte) this; }
    public double doubleValue() { return (byte) this; }
    public int compareTo(Byte other) { return (byte) this - (byte) other; }
    public boolean equals(Object other) { return other instanceof Byte && (byte) other == (byte) this; }
    public int hashCode() { return (byte) this; }
    public String toString() { return Integer.text((byte) this); }

    public static Byte valueOf(byte n) { return n; }
    public static String toString(byte n) { return Integer.text(n); }
    public static int compare(byte a, byte b) { return a - b; }
    public static byte parseByte(String s) {
        int found = Integer.parseInt(s);
        if (found > MAX_VALUE || found < MIN_VALUE) throw new NumberFormatException("Value out of range. Value:\"" + s + "\" Radix:10");
        return (byte) found;
    }
}
