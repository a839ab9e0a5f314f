package java.util;

class $ListIterator<E> implements Iterator<E> {
    private final AbstractList<E> list;
    private int next;
    private int last = -1;
    private int changes;

    $ListIterator(AbstractList<E> list) {
        this.list = list;
        changes = list.changes;
    }
    public boolean hasNext() { return next != list.size(); }
    public E next() {
        check();
        if (next >= list.size()) throw new NoSuchElementException();
        last = next++;
        return list.get(last);
    }
    public void remove() {
        if (last < 0) throw new IllegalStateException();
        check();
        list.remove(last);
        next = last;
        last = -1;
        changes = list.changes;
    }
    private void check() {
        if (changes != list.changes) throw new ConcurrentModificationException();
    }
}
