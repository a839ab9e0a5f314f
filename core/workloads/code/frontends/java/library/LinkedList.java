package java.util;

public class LinkedList<E> extends ArrayList<E> implements Deque<E> {
    public LinkedList() {}
    public LinkedList(Collection<? extends E> others) { super(others); }
    public void addFirst(E one) { add(0, one); }
    public void addLast(E one) { add(one); }
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
    public E pollFirst() { return isEmpty() ? null : remove(0); }
    public E pollLast() { return isEmpty() ? null : remove(size() - 1); }
    public E poll() { return pollFirst(); }
    public E peekFirst() { return isEmpty() ? null : get(0); }
    public E peekLast() { return isEmpty() ? null : get(size() - 1); }
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
}
