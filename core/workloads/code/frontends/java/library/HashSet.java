package java.util;

public class HashSet<E> extends AbstractSet<E> {
    final HashMap<E, Boolean> map;

    public HashSet() { map = new HashMap<E, Boolean>(); }
    public HashSet(int capacity) { map = new HashMap<E, Boolean>(capacity); }
    public HashSet(Collection<? extends E> others) {
        map = new HashMap<E, Boolean>(Math.max((int) (others.size() / .75) + 1, 16));
        addAll(others);
    }
    HashSet(HashMap<E, Boolean> map) { this.map = map; }
    public int size() { return map.size(); }
    public boolean contains(Object one) { return map.containsKey(one); }
    public boolean add(E one) { return map.put(one, true) == null; }
    public boolean remove(Object one) { return map.remove(one) != null; }
    public void clear() { map.clear(); }
    public Iterator<E> iterator() { return map.keySet().iterator(); }
}
