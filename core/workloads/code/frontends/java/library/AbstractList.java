package java.util;

import java.util.function.UnaryOperator;

public abstract class AbstractList<E> extends AbstractCollection<E> implements List<E> {
    int changes;

    public AbstractList() {}
    public E set(int index, E one) { throw new UnsupportedOperationException(); }
    public boolean add(E one) {
        add(size(), one);
        return true;
    }
    public void add(int index, E one) { throw new UnsupportedOperationException(); }
    public boolean addAll(int index, Collection<? extends E> others) {
        for (E one : others) add(index++, one);
        return others.size() > 0;
    }
    public E remove(int index) { throw new UnsupportedOperationException(); }
    public void clear() { while (size() > 0) remove(size() - 1); }
    public int indexOf(Object wanted) {
        for (int i = 0; i < size(); i++) if (Objects.equals(wanted, get(i))) return i;
        return -1;
    }
    public int lastIndexOf(Object wanted) {
        for (int i = size() - 1; i >= 0; i--) if (Objects.equals(wanted, get(i))) return i;
        return -1;
    }
    public boolean contains(Object wanted) { return indexOf(wanted) >= 0; }
    public boolean remove(Object wanted) {
        int place = indexOf(wanted);
        if (place >= 0) remove(place);
        return place >= 0;
    }
    public void sort(Comparator<? super E> order) {
        Object[] items = toArray();
        Arrays.sort((E[]) items, order);
        for (int i = 0; i < items.length; i++) set(i, (E) items[i]);
        changes++;
    }
    public void replaceAll(UnaryOperator<E> change) {
        for (int i = 0; i < size(); i++) set(i, change.apply(get(i)));
    }
    public List<E> subList(int start, int stop) {
        if (start < 0) throw new IndexOutOfBoundsException("fromIndex = " + start);
        if (stop > size()) throw new IndexOutOfBoundsException("toIndex = " + stop);
        if (start > stop) throw new IllegalArgumentException("fromIndex(" + start + ") > toIndex(" + stop + ")");
        return new $SubList<E>(this, start, stop - start);
    }
    public Iterator<E> iterator() { return new $ListIterator<E>(this); }
    public boolean equals(Object other) {
        if (!(other instanceof List)) return false;
        List<E> that = (List<E>) other;
        if (that.size() != size()) return false;
        for (int i = 0; i < size(); i++) if (!Objects.equals(get(i), that.get(i))) return false;
        return true;
    }
    public int hashCode() {
        int found = 1;
        for (E one : this) found = 31 * found + Objects.hashCode(one);
        return found;
    }
}
