package java.util;

public class TreeMap<K, V> extends AbstractMap<K, V> {
    private final ArrayList<AbstractMap.SimpleEntry<K, V>> order = new ArrayList<>();
    private final Comparator<? super K> comparator;
    private int changes;

    public TreeMap() { comparator = null; }
    public TreeMap(Comparator<? super K> comparator) { this.comparator = comparator; }
    public TreeMap(Map<? extends K, ? extends V> others) {
        comparator = null;
        putAll(others);
    }
    private int compare(K a, K b) { return comparator != null ? comparator.compare(a, b) : ((Comparable<K>) (Object) a).compareTo(b); }
    private int place(K key) {
        if (key == null && comparator == null) throw new NullPointerException();
        int low = 0;
        int high = order.size();
        while (low < high) {
            int middle = (low + high) / 2;
            if (compare(order.get(middle).getKey(), key) < 0) low = middle + 1;
            else high = middle;
        }
        return low;
    }
    private boolean isAt(int place, K key) { return place < order.size() && compare(order.get(place).getKey(), key) == 0; }
    private Map.Entry<K, V> entryAt(int place) { return place >= 0 && place < order.size() ? order.get(place) : null; }
    private K keyAt(int place) { return place >= 0 && place < order.size() ? order.get(place).getKey() : null; }
    private void need() {
        if (order.isEmpty()) throw new NoSuchElementException();
    }
    public int size() { return order.size(); }
    public boolean containsKey(Object key) { return isAt(place((K) key), (K) key); }
    public V get(Object key) {
        int place = place((K) key);
        return isAt(place, (K) key) ? order.get(place).getValue() : null;
    }
    public V put(K key, V value) {
        if (order.isEmpty()) compare(key, key);
        int place = place(key);
        if (isAt(place, key)) return order.get(place).setValue(value);
        order.add(place, new AbstractMap.SimpleEntry<K, V>(key, value));
        changes++;
        return null;
    }
    public V remove(Object key) {
        int place = place((K) key);
        if (!isAt(place, (K) key)) return null;
        changes++;
        return order.remove(place).getValue();
    }
    public void clear() {
        changes++;
        order.clear();
    }
    public K firstKey() {
        need();
        return keyAt(0);
    }
    public K lastKey() {
        need();
        return keyAt(order.size() - 1);
    }
    public Map.Entry<K, V> firstEntry() { return entryAt(0); }
    public Map.Entry<K, V> lastEntry() { return entryAt(order.size() - 1); }
    public K ceilingKey(K key) { return keyAt(place(key)); }
    public K higherKey(K key) { return keyAt(place(key) + (isAt(place(key), key) ? 1 : 0)); }
    public K floorKey(K key) { return keyAt(place(key) - (isAt(place(key), key) ? 0 : 1)); }
    public K lowerKey(K key) { return keyAt(place(key) - 1); }
    public Map.Entry<K, V> pollFirstEntry() {
        changes++;
        return order.isEmpty() ? null : order.remove(0);
    }
    public Map.Entry<K, V> pollLastEntry() {
        changes++;
        return order.isEmpty() ? null : order.remove(order.size() - 1);
    }
    Iterator<Map.Entry<K, V>> entries() {
        return new Iterator<Map.Entry<K, V>>() {
            private int place;
            private int seen = changes;

            public boolean hasNext() { return place < order.size(); }
            public Map.Entry<K, V> next() {
                if (seen != changes) throw new ConcurrentModificationException();
                if (place >= order.size()) throw new NoSuchElementException();
                return order.get(place++);
            }
            public void remove() {
                order.remove(--place);
                seen = ++changes;
            }
        };
    }
}
