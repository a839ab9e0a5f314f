package java.lang;

public final class Math {
    public static final double PI = 3.141592653589793;
    public static final double E = 2.718281828459045;
    private static final double WHOLE = 4503599627370496.0;

    static native double power(double a, double b);
    static native double whole(double d);
    public static native double sqrt(double d);
    public static int abs(int n) { return n < 0 ? -n : n; }
    public static long abs(long n) { return n < 0 ? -n : n; }
    public static double abs(double d) { return d <= 0.0 ? 0.0 - d : d; }
    public static int max(int a, int b) { return a > b ? a : b; }
    public static long max(long a, long b) { return a > b ? a : b; }
    public static double max(double a, double b) {
        if (a != a) return a;
        if (a == 0.0 && b == 0.0) return Double.bits(a) < 0 ? b : a;
        return a > b ? a : b;
    }
    public static int min(int a, int b) { return a < b ? a : b; }
    public static long min(long a, long b) { return a < b ? a : b; }
    public static double min(double a, double b) {
        if (a != a) return a;
        if (a == 0.0 && b == 0.0) return Double.bits(a) < 0 ? a : b;
        return a < b ? a : b;
    }
    public static double pow(double a, double b) {
        if (b != b || abs(a) == 1.0 && Double.isInfinite(b)) return Double.NaN;
        return power(a, b);
    }
    public static double floor(double d) {
        if (!(abs(d) < WHOLE) || d == 0.0) return d;
        double cut = whole(d);
        if (cut > d) cut -= 1.0;
        return cut;
    }
    public static double ceil(double d) {
        if (!(abs(d) < WHOLE) || d == 0.0) return d;
        double cut = whole(d);
        if (cut < d) cut += 1.0;
        return cut == 0.0 && d < 0.0 ? -0.0 : cut;
    }
    public static double rint(double d) {
        if (!(abs(d) < WHOLE) || d == 0.0) return d;
        double low = floor(d);
        double rest = d - low;
        double found = rest < 0.5 || rest == 0.5 && low % 2.0 == 0.0 ? low : low + 1.0;
        return found == 0.0 && d < 0.0 ? -0.0 : found;
    }
    public static long round(double d) {
        if (!(abs(d) < WHOLE)) return (long) d;
        double low = floor(d);
        return (long) (d - low >= 0.5 ? low + 1.0 : low);
    }
    public static double signum(double d) { return d > 0.0 ? 1.0 : d < 0.0 ? -1.0 : d; }
    public static int floorDiv(int a, int b) {
        int found = a / b;
        return (a ^ b) < 0 && found * b != a ? found - 1 : found;
    }
    public static long floorDiv(long a, long b) {
        long found = a / b;
        return (a ^ b) < 0 && found * b != a ? found - 1 : found;
    }
    public static int floorMod(int a, int b) {
        int found = a % b;
        return (found ^ b) < 0 && found != 0 ? found + b : found;
    }
    public static long floorMod(long a, long b) {
        long found = a % b;
        return (found ^ b) < 0 && found != 0 ? found + b : found;
    }
    public static int floorMod(long a, int b) { return (int) floorMod(a, (long) b); }
    private static int exact(long n) {
        if (n != (int) n) throw new ArithmeticException("integer overflow");
        return (int) n;
    }
    public static int addExact(int a, int b) { return exact((long) a + b); }
    public static int subtractExact(int a, int b) { return exact((long) a - b); }
    public static int multiplyExact(int a, int b) { return exact((long) a * b); }
    public static int negateExact(int a) { return exact(-(long) a); }
    public static int incrementExact(int a) { return exact((long) a + 1); }
    public static int toIntExact(long n) { return exact(n); }
    public static long addExact(long a, long b) {
        long found = a + b;
        if (((a ^ found) & (b ^ found)) < 0) throw new ArithmeticException("long overflow");
        return found;
    }
    public static long multiplyExact(long a, long b) {
        long found = a * b;
        if (a != 0 && (found / a != b || a == -1 && b == Long.MIN_VALUE)) throw new ArithmeticException("long overflow");
        return found;
    }
}
