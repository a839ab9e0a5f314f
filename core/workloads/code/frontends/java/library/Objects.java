package java.util;

public final class Objects {
    public static boolean equals(Object a, Object b) { return a == null ? b == null : a.equals(b); }
    public static int hashCode(Object x) { return x == null ? 0 : x.hashCode(); }
    public static int hash(Object... items) { return Arrays.hashCode(items); }
    public static String toString(Object x) { return String.valueOf(x); }
    public static boolean isNull(Object x) { return x == null; }
    public static boolean nonNull(Object x) { return x != null; }
    public static <T> T requireNonNull(T x) {
        if (x == null) throw new NullPointerException();
        return x;
    }
    public static <T> T requireNonNull(T x, String message) {
        if (x == null) throw new NullPointerException(message);
        return x;
    }
}
