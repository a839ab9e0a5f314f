package java.util;

public abstract class AbstractMap<K, V> implements Map<K, V> {
    public AbstractMap() {}
    public boolean isEmpty() { return size() == 0; }
    public boolean containsValue(Object wanted) {
        for (Map.Entry<K, V> one : entrySet()) if (Objects.equals(wanted, one.getValue())) return true;
        return false;
    }
    public void putAll(Map<? extends K, ? extends V> others) {
        Map<K, V> that = (Map<K, V>) (Object) others;
        for (Map.Entry<K, V> one : that.entrySet()) put(one.getKey(), one.getValue());
    }
    abstract Iterator<Map.Entry<K, V>> entries();
    public Set<K> keySet() { return new $KeySet<K, V>(this); }
    public Collection<V> values() { return new $Values<K, V>(this); }
    public Set<Map.Entry<K, V>> entrySet() { return new $EntrySet<K, V>(this); }
    public boolean equals(Object other) {
        if (!(other instanceof Map)) return false;
        Map<K, V> that = (Map<K, V>) other;
        if (that.size() != size()) return false;
        for (Map.Entry<K, V> one : entrySet()) {
            if (!that.containsKey(one.getKey()) || !Objects.equals(one.getValue(), that.get(one.getKey()))) return false;
        }
        return true;
    }
    public int hashCode() {
        int found = 0;
        for (Map.Entry<K, V> one : entrySet()) found += one.hashCode();
        return found;
    }
    public String toString() {
        String text = "{";
        boolean first = true;
        for (Map.Entry<K, V> one : entrySet()) {
            text = text + (first ? "" : ", ") + one.getKey() + "=" + one.getValue();
            first = false;
        }
        return text + "}";
    }

    public static class SimpleEntry<K, V> implements Map.Entry<K, V> {
        final K key;
        V value;

        public SimpleEntry(K key, V value) {
            this.key = key;
            this.value = value;
        }
        public K getKey() { return key; }
        public V getValue() { return value; }
        public V setValue(V value) {
            V old = this.value;
            this.value = value;
            return old;
        }
        public boolean equals(Object other) {
            if (!(other instanceof Map.Entry)) return false;
            Map.Entry<K, V> that = (Map.Entry<K, V>) other;
            return Objects.equals(key, that.getKey()) && Objects.equals(value, that.getValue());
        }
        public int hashCode() { return Objects.hashCode(key) ^ Objects.hashCode(value); }
        public String toString() { return key + "=" + value; }
    }
}
