package java.util;

class $EntrySet<K, V> extends AbstractSet<Map.Entry<K, V>> {
    private final AbstractMap<K, V> map;

    $EntrySet(AbstractMap<K, V> map) { this.map = map; }
    public int size() { return map.size(); }
    public void clear() { map.clear(); }
    public Iterator<Map.Entry<K, V>> iterator() {
        Iterator<Map.Entry<K, V>> entries = map.entries();
        return new Iterator<Map.Entry<K, V>>() {
            public boolean hasNext() { return entries.hasNext(); }
            public Map.Entry<K, V> next() { return entries.next(); }
            public void remove() { entries.remove(); }
        };
    }
}
