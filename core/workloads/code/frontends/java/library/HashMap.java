package java.util;

import java.util.function.*;

public class HashMap<K, V> extends AbstractMap<K, V> {
    private Node<K, V>[] table;
    private int capacity = 16;
    private int count;
    int changes;

    public HashMap() {}
    public HashMap(int wanted) {
        if (wanted < 0) throw new IllegalArgumentException("Illegal initial capacity: " + wanted);
        capacity = atLeast(wanted);
    }
    public HashMap(Map<? extends K, ? extends V> others) {
        capacity = atLeast((int) (others.size() / 0.75 + 1.0));
        putAll(others);
    }
    private static int atLeast(int wanted) {
        int found = 1;
        while (found < wanted) found *= 2;
        return found;
    }
    public int size() { return count; }
    private static int spread(Object key) {
        int hash = key == null ? 0 : key.hashCode();
        return hash ^ hash >>> 16;
    }
    private Node<K, V> find(Object key) {
        if (table == null) return null;
        int hash = spread(key);
        Node<K, V> one = table[hash & capacity - 1];
        while (one != null && (one.hash != hash || !Objects.equals(key, one.key))) one = one.next;
        return one;
    }
    public boolean containsKey(Object key) { return find(key) != null; }
    public V get(Object key) {
        Node<K, V> one = find(key);
        return one == null ? null : one.value;
    }
    public V put(K key, V value) {
        Node<K, V> one = find(key);
        if (one != null) return one.setValue(value);
        if (table == null) table = (Node<K, V>[]) new Node[capacity];
        Node<K, V> made = new Node<K, V>(spread(key), key, value);
        append(made);
        changes++;
        if (++count > capacity * 3 / 4) resize();
        added(made);
        return null;
    }
    /** What merge and the compute methods do with a new key: it goes in front, and room is made before. */
    private V putFirst(K key, V value) {
        if (value == null) return null;
        if (table == null) table = (Node<K, V>[]) new Node[capacity];
        else if (count > capacity * 3 / 4) resize();
        Node<K, V> made = new Node<K, V>(spread(key), key, value);
        int place = made.hash & capacity - 1;
        made.next = table[place];
        table[place] = made;
        count++;
        changes++;
        added(made);
        return value;
    }
    private V change(Node<K, V> one, V value) {
        if (value == null) remove(one.key);
        else one.value = value;
        return value;
    }
    private V keep(Node<K, V> one, K key, V value, int seen) {
        if (seen != changes) throw new ConcurrentModificationException();
        return one == null ? putFirst(key, value) : change(one, value);
    }
    public V computeIfAbsent(K key, Function<? super K, ? extends V> make) {
        Node<K, V> one = find(key);
        if (one != null && one.value != null) return one.value;
        int seen = changes;
        V value = make.apply(key);
        return value == null ? null : keep(one, key, value, seen);
    }
    public V compute(K key, BiFunction<? super K, ? super V, ? extends V> change) {
        Node<K, V> one = find(key);
        int seen = changes;
        return keep(one, key, change.apply(key, one == null ? null : one.value), seen);
    }
    public V merge(K key, V value, BiFunction<? super V, ? super V, ? extends V> join) {
        Node<K, V> one = find(key);
        int seen = changes;
        return keep(one, key, one == null || one.value == null ? value : join.apply(one.value, value), seen);
    }
    private void append(Node<K, V> made) {
        int place = made.hash & capacity - 1;
        Node<K, V> one = table[place];
        if (one == null) {
            table[place] = made;
            return;
        }
        while (one.next != null) one = one.next;
        one.next = made;
    }
    private void resize() {
        Node<K, V>[] old = table;
        capacity *= 2;
        table = (Node<K, V>[]) new Node[capacity];
        for (Node<K, V> first : old) {
            Node<K, V> one = first;
            while (one != null) {
                Node<K, V> next = one.next;
                one.next = null;
                append(one);
                one = next;
            }
        }
    }
    public V remove(Object key) {
        Node<K, V> wanted = find(key);
        if (wanted == null) return null;
        int place = wanted.hash & capacity - 1;
        if (table[place] == wanted) {
            table[place] = wanted.next;
        } else {
            Node<K, V> before = table[place];
            while (before.next != wanted) before = before.next;
            before.next = wanted.next;
        }
        count--;
        changes++;
        removed(wanted);
        return wanted.value;
    }
    public void clear() {
        changes++;
        count = 0;
        if (table != null) table = (Node<K, V>[]) new Node[capacity];
    }
    void added(Node<K, V> one) {}
    void removed(Node<K, V> one) {}
    Iterator<Map.Entry<K, V>> entries() { return new Entries<K, V>(this); }

    static class Node<K, V> extends AbstractMap.SimpleEntry<K, V> {
        final int hash;
        Node<K, V> next;

        Node(int hash, K key, V value) {
            super(key, value);
            this.hash = hash;
        }
    }

    static class Entries<K, V> implements Iterator<Map.Entry<K, V>> {
        private final HashMap<K, V> map;
        private Node<K, V> next;
        private Node<K, V> last;
        private int place;
        private int changes;

        Entries(HashMap<K, V> map) {
            this.map = map;
            changes = map.changes;
            advance();
        }
        private void advance() {
            while (next == null && map.table != null && place < map.capacity) next = map.table[place++];
        }
        public boolean hasNext() { return next != null; }
        public Map.Entry<K, V> next() {
            if (changes != map.changes) throw new ConcurrentModificationException();
            if (next == null) throw new NoSuchElementException();
            last = next;
            next = next.next;
            advance();
            return last;
        }
        public void remove() {
            if (last == null) throw new IllegalStateException();
            if (changes != map.changes) throw new ConcurrentModificationException();
            map.remove(last.key);
            last = null;
            changes = map.changes;
        }
    }
}
