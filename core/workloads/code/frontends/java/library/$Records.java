package java.lang;

public class $Records {
    public static boolean same(Object a, Object b) { return a == null ? b == null : a.equals(b); }
    public static int hash(Object x) { return x == null ? 0 : x.hashCode(); }
}
