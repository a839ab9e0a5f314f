package java.util;

public abstract class AbstractSet<E> extends AbstractCollection<E> implements Set<E> {
    public AbstractSet() {}
    public boolean equals(Object other) {
        if (!(other instanceof Set)) return false;
        Set<E> that = (Set<E>) other;
        return that.size() == size() && containsAll(that);
    }
    public int hashCode() {
        int found = 0;
        for (E one : this) found += Objects.hashCode(one);
        return found;
    }
}
