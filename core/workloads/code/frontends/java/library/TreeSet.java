package java.util;

public class TreeSet<E> extends AbstractSet<E> {
    private final TreeMap<E, Boolean> map;

    public TreeSet() { map = new TreeMap<E, Boolean>(); }
    public TreeSet(Comparator<? super E> comparator) { map = new TreeMap<E, Boolean>(comparator); }
    public TreeSet(Collection<? extends E> others) {
        map = new TreeMap<E, Boolean>();
        addAll(others);
    }
    public int size() { return map.size(); }
    public boolean contains(Object one) { return map.containsKey(one); }
    public boolean add(E one) { return map.put(one, true) == null; }
    public boolean remove(Object one) { return map.remove(one) != null; }
    public void clear() { map.clear(); }
    public Iterator<E> iterator() { return map.keySet().iterator(); }
    public E first() { return map.firstKey(); }
    public E last() { return map.lastKey(); }
    public E ceiling(E one) { return map.ceilingKey(one); }
    public E higher(E one) { return map.higherKey(one); }
    public E floor(E one) { return map.floorKey(one); }
    public E lower(E one) { return map.lowerKey(one); }
    public E pollFirst() { return map.isEmpty() ? null : map.pollFirstEntry().getKey(); }
    public E pollLast() { return map.isEmpty() ? null : map.pollLastEntry().getKey(); }
}
