package java.util;

public class Stack<E> extends ArrayList<E> {
    public Stack() {}
    public E push(E one) {
        add(one);
        return one;
    }
    public E pop() {
        if (isEmpty()) throw new EmptyStackException();
        return remove(size() - 1);
    }
    public E peek() {
        if (isEmpty()) throw new EmptyStackException();
        return get(size() - 1);
    }
    public boolean empty() { return isEmpty(); }
}
