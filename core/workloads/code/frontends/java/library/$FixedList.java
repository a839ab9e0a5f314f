package java.util;

class $FixedList<E> extends AbstractList<E> {
    private final E[] items;
    private final boolean settable;

    $FixedList(E[] items, boolean settable) {
        this.items = items;
        this.settable = settable;
    }
    public int size() { return items.length; }
    public E get(int index) { return items[index]; }
    public E set(int index, E one) {
        if (!settable) throw new UnsupportedOperationException();
        E old = items[index];
        items[index] = one;
        return old;
    }
    public void sort(Comparator<? super E> order) {
        if (!settable) throw new UnsupportedOperationException();
        Arrays.sort(items, order);
    }
    public boolean remove(Object one) { throw new UnsupportedOperationException(); }
    public void clear() { throw new UnsupportedOperationException(); }
}
