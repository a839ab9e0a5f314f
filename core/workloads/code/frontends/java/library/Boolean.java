package java.lang;

public final class Boolean implements Comparable<Boolean> {
    public static final Boolean TRUE = true;
    public static final Boolean FALSE = false;

    public boolean booleanValue() { return (boolean) this; }
    public int compareTo(Boolean other) { return compare((boolean) this, (boolean) other); }
    public boolean equals(Object other) { return other instanceof Boolean && (boolean) other == (boolean) this; }
    public int hashCode() { return hashCode((boolean) this); }
    public String toString() { return (boolean) this ? "true" : "false"; }

    public static Boolean valueOf(boolean b) { return b; }
    public static boolean parseBoolean(String s) { return s != null && s.equalsIgnoreCase("true"); }
    public static String toString(boolean b) { return b ? "true" : "false"; }
    public static int hashCode(boolean b) { return b ? 1231 : 1237; }
    public static int compare(boolean a, boolean b) { return a == b ? 0 : a ? 1 : -1; }
    public static boolean logicalAnd(boolean a, boolean b) { return a & b; }
    public static boolean logicalOr(boolean a, boolean b) { return a | b; }
    public static boolean logicalXor(boolean a, boolean b) { return a ^ b; }
}
