package java.util;

public class LinkedHashMap<K, V> extends HashMap<K, V> {
    private final ArrayList<HashMap.Node<K, V>> order = new ArrayList<>();

    public LinkedHashMap() {}
    public LinkedHashMap(int capacity) { super(capacity); }
    public LinkedHashMap(Map<? extends K, ? extends V> others) { putAll(others); }
    void added(HashMap.Node<K, V> one) { order.add(one); }
    void removed(HashMap.Node<K, V> one) {
        int place = 0;
        while (order.get(place) != one) place++;
        order.remove(place);
    }
    public void clear() {
        super.clear();
        order.clear();
    }
    Iterator<Map.Entry<K, V>> entries() {
        LinkedHashMap<K, V> map = this;
        return new Iterator<Map.Entry<K, V>>() {
            private int place;
            private int seen = map.changes;

            public boolean hasNext() { return place < order.size(); }
            public Map.Entry<K, V> next() {
                if (seen != map.changes) throw new ConcurrentModificationException();
                if (place >= order.size()) throw new NoSuchElementException();
                return order.get(place++);
            }
            public void remove() {
                if (place == 0) throw new IllegalStateException();
                map.remove(order.get(--place).key);
                seen = map.changes;
            }
        };
    }
}
