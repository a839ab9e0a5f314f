package java.util;

class $SubList<E> extends AbstractList<E> {
    private final AbstractList<E> whole;
    private final int start;
    private int count;

    $SubList(AbstractList<E> whole, int start, int count) {
        this.whole = whole;
        this.start = start;
        this.count = count;
        changes = whole.changes;
    }
    private void check(int index, int most) {
        if (index < 0 || index > most) throw new IndexOutOfBoundsException("Index " + index + " out of bounds for length " + count);
    }
    public int size() {
        if (changes != whole.changes) throw new ConcurrentModificationException();
        return count;
    }
    public E get(int index) {
        check(index, count - 1);
        return whole.get(start + index);
    }
    public E set(int index, E one) {
        check(index, count - 1);
        return whole.set(start + index, one);
    }
    public void add(int index, E one) {
        check(index, count);
        whole.add(start + index, one);
        changes = whole.changes;
        count++;
    }
    public E remove(int index) {
        check(index, count - 1);
        E found = whole.remove(start + index);
        changes = whole.changes;
        count--;
        return found;
    }
}
