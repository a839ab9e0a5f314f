package java.util;

import java.util.function.UnaryOperator;

public interface List<E> extends Collection<E> {
    E get(int index);
    E set(int index, E one);
    void add(int index, E one);
    boolean addAll(int index, Collection<? extends E> others);
    E remove(int index);
    int indexOf(Object one);
    int lastIndexOf(Object one);
    void sort(Comparator<? super E> order);
    void replaceAll(UnaryOperator<E> change);
    List<E> subList(int start, int stop);
    static <E> List<E> of(E... items) {
        for (E one : items) Objects.requireNonNull(one);
        return new $FixedList<E>(items, false);
    }
    static <E> List<E> copyOf(Collection<? extends E> others) { return new $FixedList<E>((E[]) others.toArray(), false); }
}
