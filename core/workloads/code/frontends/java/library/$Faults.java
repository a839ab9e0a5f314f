package java.lang;

public class $Faults {
    private static native void stop();

    private static void raise(RuntimeException found, int site) {
        found.site = site;
        throw found;
    }
    static void nullPointer(int site) { raise(new NullPointerException(), site); }
    static void divideByZero(int site) { raise(new ArithmeticException("/ by zero"), site); }
    static void negativeSize(int size, int site) { raise(new NegativeArraySizeException("" + size), site); }
    static void index(int index, int length, int site) {
        raise(new ArrayIndexOutOfBoundsException("Index " + index + " out of bounds for length " + length), site);
    }
    static void classCast(Object value, String wanted, boolean library, int site) {
        String given = Object.className(value);
        boolean own = !given.startsWith("java.");
        String ours = " in unnamed module of loader 'app'";
        String theirs = " in module java.base of loader 'bootstrap'";
        String where = own == !library
            ? given + " and " + wanted + " are" + (own ? ours : theirs)
            : given + " is" + (own ? ours : theirs) + "; " + wanted + " is" + (library ? theirs : ours);
        raise(new ClassCastException("class " + given + " cannot be cast to class " + wanted + " (" + where + ")"), site);
    }
    static void report(Throwable found) {
        System.err.print("Exception in thread \"main\" ");
        found.printStackTrace();
        stop();
    }
}
