package java.util;

public class PriorityQueue<E> extends AbstractCollection<E> implements Queue<E> {
    private final ArrayList<E> heap = new ArrayList<>();
    private final Comparator<? super E> comparator;

    public PriorityQueue() { comparator = null; }
    public PriorityQueue(Comparator<? super E> comparator) { this.comparator = comparator; }
    private int compare(E a, E b) { return comparator != null ? comparator.compare(a, b) : ((Comparable<E>) (Object) a).compareTo(b); }
    public int size() { return heap.size(); }
    public boolean add(E one) { return offer(one); }
    public boolean offer(E one) {
        Objects.requireNonNull(one);
        heap.add(one);
        int place = heap.size() - 1;
        while (place > 0) {
            int above = (place - 1) >>> 1;
            E other = heap.get(above);
            if (compare(one, other) >= 0) break;
            heap.set(place, other);
            place = above;
        }
        heap.set(place, one);
        return true;
    }
    private void sink(int place, E one) {
        int half = heap.size() >>> 1;
        while (place < half) {
            int child = 2 * place + 1;
            if (child + 1 < heap.size() && compare(heap.get(child), heap.get(child + 1)) > 0) child++;
            E other = heap.get(child);
            if (compare(one, other) <= 0) break;
            heap.set(place, other);
            place = child;
        }
        heap.set(place, one);
    }
    public E peek() { return heap.isEmpty() ? null : heap.get(0); }
    public E poll() {
        if (heap.isEmpty()) return null;
        E found = heap.get(0);
        E last = heap.remove(heap.size() - 1);
        if (!heap.isEmpty()) sink(0, last);
        return found;
    }
    public E remove() {
        if (heap.isEmpty()) throw new NoSuchElementException();
        return poll();
    }
    public E element() {
        if (heap.isEmpty()) throw new NoSuchElementException();
        return peek();
    }
    public boolean remove(Object one) { throw new UnsupportedOperationException("remove of an element is not supported"); }
    public void clear() { heap.clear(); }
    public Iterator<E> iterator() { return heap.iterator(); }
}
