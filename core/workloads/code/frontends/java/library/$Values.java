package java.util;

class $Values<K, V> extends AbstractCollection<V> {
    private final AbstractMap<K, V> map;

    $Values(AbstractMap<K, V> map) { this.map = map; }
    public int size() { return map.size(); }
    public void clear() { map.clear(); }
    public Iterator<V> iterator() {
        Iterator<Map.Entry<K, V>> entries = map.entries();
        return new Iterator<V>() {
            public boolean hasNext() { return entries.hasNext(); }
            public V next() { return entries.next().getValue(); }
            public void remove() { entries.remove(); }
        };
    }
}
