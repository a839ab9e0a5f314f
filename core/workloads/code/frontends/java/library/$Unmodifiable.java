package java.util;

class $Unmodifiable<E> extends AbstractList<E> {
    private final List<E> list;

    $Unmodifiable(List<E> list) { this.list = list; }
    public int size() { return list.size(); }
    public E get(int index) { return list.get(index); }
    public boolean remove(Object one) { throw new UnsupportedOperationException(); }
    public void clear() { throw new UnsupportedOperationException(); }
    public void sort(Comparator<? super E> order) { throw new UnsupportedOperationException(); }
}
