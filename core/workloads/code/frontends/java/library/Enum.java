package java.lang;

public abstract class Enum<E> implements Comparable<E> {
    private final String name;
    private final int ordinal;

    protected Enum(String name, int ordinal) {
        this.name = name;
        this.ordinal = ordinal;
    }
    public final String name() { return name; }
    public final int ordinal() { return ordinal; }
    public String toString() { return name; }
    public final boolean equals(Object other) { return Object.same(this, other); }
    public final int hashCode() { return name.hashCode(); }
    public final int compareTo(E other) {
        Object that = other;
        return ordinal - ((Enum<E>) that).ordinal;
    }
}
