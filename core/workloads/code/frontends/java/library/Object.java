package java.lang;

public class Object {
    static native boolean same(Object a, Object b);
    static native int number(Object x);
    static native String className(Object x);

    public Object() {}
    public boolean equals(Object other) { return same(this, other); }
    public int hashCode() { return number(this); }
    public String toString() { return className(this) + "@" + Integer.toHexString(hashCode()); }
    public final Class<?> getClass() { return new Class<Object>(className(this)); }
}
