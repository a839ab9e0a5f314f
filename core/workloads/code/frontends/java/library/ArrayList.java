package java.util;

public class ArrayList<E> extends AbstractList<E> {
    private Object[] items;
    private int count;

    public ArrayList() { items = new Object[4]; }
    public ArrayList(int capacity) {
        if (capacity < 0) throw new IllegalArgumentException("Illegal Capacity: " + capacity);
        items = new Object[Math.min(capacity, 8)];
    }
    public ArrayList(Collection<? extends E> others) {
        items = others.toArray();
        count = items.length;
    }
    public int size() { return count; }
    public boolean isEmpty() { return count == 0; }
    private void check(int index) {
        if (index < 0 || index >= count) throw new IndexOutOfBoundsException("Index " + index + " out of bounds for length " + count);
    }
    public E get(int index) {
        check(index);
        return (E) items[index];
    }
    public E set(int index, E one) {
        check(index);
        E old = (E) items[index];
        items[index] = one;
        return old;
    }
    private void grow() {
        if (count < items.length) return;
        Object[] larger = new Object[count + (count >> 1) + 2];
        for (int i = 0; i < count; i++) larger[i] = items[i];
        items = larger;
    }
    public boolean add(E one) {
        grow();
        changes++;
        items[count++] = one;
        return true;
    }
    public void add(int index, E one) {
        if (index < 0 || index > count) throw new IndexOutOfBoundsException("Index: " + index + ", Size: " + count);
        grow();
        changes++;
        for (int i = count; i > index; i--) items[i] = items[i - 1];
        items[index] = one;
        count++;
    }
    public E remove(int index) {
        check(index);
        E old = (E) items[index];
        changes++;
        count--;
        for (int i = index; i < count; i++) items[i] = items[i + 1];
        items[count] = null;
        return old;
    }
    public void clear() {
        changes++;
        while (count > 0) items[--count] = null;
    }
    public void forEach(java.util.function.Consumer<? super E> action) {
        int before = changes;
        for (int i = 0; changes == before && i < count; i++) action.accept((E) items[i]);
        if (changes != before) throw new ConcurrentModificationException();
    }
}
