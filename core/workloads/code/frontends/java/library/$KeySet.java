package java.util;

class $KeySet<K, V> extends AbstractSet<K> {
    private final AbstractMap<K, V> map;

    $KeySet(AbstractMap<K, V> map) { this.map = map; }
    public int size() { return map.size(); }
    public void clear() { map.clear(); }
    public boolean contains(Object key) { return map.containsKey(key); }
    public boolean remove(Object key) {
        boolean there = map.containsKey(key);
        map.remove(key);
        return there;
    }
    public Iterator<K> iterator() {
        Iterator<Map.Entry<K, V>> entries = map.entries();
        return new Iterator<K>() {
            public boolean hasNext() { return entries.hasNext(); }
            public K next() { return entries.next().getKey(); }
            public void remove() { entries.remove(); }
        };
    }
}
