package java.util;

public class ArrayDeque<E> extends AbstractCollection<E> implements Deque<E> {
    private Object[] items = new Object[4];
    private int start;
    private int count;

    public ArrayDeque() {}
    public ArrayDeque(int capacity) {}
    public ArrayDeque(Collection<? extends E> others) { addAll(others); }
    public int size() { return count; }
    private E at(int place) { return (E) items[(start + place) % items.length]; }
    private void grow(E one) {
        Objects.requireNonNull(one);
        if (count < items.length) return;
        Object[] larger = new Object[count * 2];
        for (int i = 0; i < count; i++) larger[i] = at(i);
        items = larger;
        start = 0;
    }
    public boolean add(E one) {
        addLast(one);
        return true;
    }
    private void putFirst(E one) {
        grow(one);
        start = (start + items.length - 1) % items.length;
        items[start] = one;
        count++;
    }
    private void putLast(E one) {
        grow(one);
        items[(start + count++) % items.length] = one;
    }
    private E takeFirst() {
        E found = at(0);
        items[start] = null;
        start = (start + 1) % items.length;
        count--;
        return found;
    }
    private E takeLast() {
        E found = at(--count);
        items[(start + count) % items.length] = null;
        return found;
    }
    public void addFirst(E one) { putFirst(one); }
    public void addLast(E one) { putLast(one); }
    public boolean offer(E one) {
        addLast(one);
        return true;
    }
    public boolean offerFirst(E one) {
        addFirst(one);
        return true;
    }
    public boolean offerLast(E one) { return offer(one); }
    public void push(E one) { addFirst(one); }
    public E pollFirst() { return isEmpty() ? null : takeFirst(); }
    public E pollLast() { return isEmpty() ? null : takeLast(); }
    public E poll() { return pollFirst(); }
    public E peekFirst() { return isEmpty() ? null : at(0); }
    public E peekLast() { return isEmpty() ? null : at(count - 1); }
    public E peek() { return peekFirst(); }
    private void need() {
        if (isEmpty()) throw new NoSuchElementException();
    }
    public E removeFirst() {
        need();
        return pollFirst();
    }
    public E removeLast() {
        need();
        return pollLast();
    }
    public E getFirst() {
        need();
        return peekFirst();
    }
    public E getLast() {
        need();
        return peekLast();
    }
    public E remove() { return removeFirst(); }
    public E pop() { return removeFirst(); }
    public E element() { return getFirst(); }
    public void clear() { while (count > 0) takeLast(); }
    private void cut(int place) {
        for (int i = place; i < count - 1; i++) items[(start + i) % items.length] = at(i + 1);
        takeLast();
    }
    public Iterator<E> iterator() {
        return new Iterator<E>() {
            private int place;

            public boolean hasNext() { return place < count; }
            public E next() {
                if (place >= count) throw new NoSuchElementException();
                return at(place++);
            }
            public void remove() { cut(--place); }
        };
    }
}
