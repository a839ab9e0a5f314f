package java.util;

import java.util.function.Predicate;

public interface Collection<E> extends Iterable<E> {
    int size();
    boolean isEmpty();
    boolean contains(Object one);
    boolean add(E one);
    boolean remove(Object one);
    boolean addAll(Collection<? extends E> others);
    boolean containsAll(Collection<?> others);
    boolean removeAll(Collection<?> others);
    boolean retainAll(Collection<?> others);
    boolean removeIf(Predicate<? super E> test);
    void clear();
    Object[] toArray();
    <T> T[] toArray(T[] into);
}
