package java.util;

import java.util.function.Predicate;

public abstract class AbstractCollection<E> implements Collection<E> {
    public AbstractCollection() {}
    public boolean isEmpty() { return size() == 0; }
    public boolean contains(Object wanted) {
        for (E one : this) if (Objects.equals(wanted, one)) return true;
        return false;
    }
    public boolean add(E one) { throw new UnsupportedOperationException(); }
    public boolean remove(Object wanted) {
        Iterator<E> places = iterator();
        while (places.hasNext()) {
            if (Objects.equals(wanted, places.next())) {
                places.remove();
                return true;
            }
        }
        return false;
    }
    public boolean addAll(Collection<? extends E> others) {
        boolean changed = false;
        for (E one : others) if (add(one)) changed = true;
        return changed;
    }
    public boolean containsAll(Collection<?> others) {
        for (Object one : others) if (!contains(one)) return false;
        return true;
    }
    public boolean removeAll(Collection<?> others) { return removeIf(one -> others.contains(one)); }
    public boolean retainAll(Collection<?> others) { return removeIf(one -> !others.contains(one)); }
    public boolean removeIf(Predicate<? super E> test) {
        boolean changed = false;
        Iterator<E> places = iterator();
        while (places.hasNext()) {
            if (test.test(places.next())) {
                places.remove();
                changed = true;
            }
        }
        return changed;
    }
    public void clear() { throw new UnsupportedOperationException(); }
    public Object[] toArray() {
        Object[] found = new Object[size()];
        int place = 0;
        for (E one : this) found[place++] = one;
        return found;
    }
    public <T> T[] toArray(T[] into) {
        T[] found = into.length >= size() ? into : (T[]) new Object[size()];
        int place = 0;
        for (E one : this) found[place++] = (T) (Object) one;
        if (place < found.length) found[place] = null;
        return found;
    }
    public String toString() {
        String text = "[";
        boolean first = true;
        for (E one : this) {
            text = text + (first ? "" : ", ") + ((Object) one == this ? "(this Collection)" : String.valueOf(one));
            first = false;
        }
        return text + "]";
    }
}
