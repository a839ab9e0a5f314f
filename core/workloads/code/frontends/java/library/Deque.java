package java.util;

public interface Deque<E> extends Queue<E> {
    void addFirst(E one);
    void addLast(E one);
    boolean offerFirst(E one);
    boolean offerLast(E one);
    E removeFirst();
    E removeLast();
    E pollFirst();
    E pollLast();
    E getFirst();
    E getLast();
    E peekFirst();
    E peekLast();
    void push(E one);
    E pop();
}
