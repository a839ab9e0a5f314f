package java.lang;

public final class System {
    public static final java.io.PrintStream out;
    public static final java.io.PrintStream err;
    public static final java.io.InputStream in;

    static native void leave(int code);
    public static void exit(int code) { leave(code); }
    public static String lineSeparator() { return "\n"; }
    public static void arraycopy(Object from, int start, Object to, int place, int count) {
        if (from instanceof Object[] && to instanceof Object[]) {
            Object[] source = (Object[]) from;
            Object[] target = (Object[]) to;
            if (count < 0 || start < 0 || place < 0 || start + count > source.length || place + count > target.length) {
                throw new ArrayIndexOutOfBoundsException("arraycopy: last source index " + (start + count) + " out of bounds for length " + source.length);
            }
            if (from == to && start < place) {
                for (int i = count - 1; i >= 0; i--) target[place + i] = source[start + i];
            } else {
                for (int i = 0; i < count; i++) target[place + i] = source[start + i];
            }
        }
    }
    public static int identityHashCode(Object x) { return Object.number(x); }
}
