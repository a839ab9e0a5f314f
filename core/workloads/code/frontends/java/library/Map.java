package java.util;

import java.util.function.*;

public interface Map<K, V> {
    int size();
    boolean isEmpty();
    boolean containsKey(Object key);
    boolean containsValue(Object value);
    V get(Object key);
    V put(K key, V value);
    V remove(Object key);
    void putAll(Map<? extends K, ? extends V> others);
    void clear();
    Set<K> keySet();
    Collection<V> values();
    Set<Map.Entry<K, V>> entrySet();

    default V getOrDefault(Object key, V otherwise) {
        V found = get(key);
        return found != null || containsKey(key) ? found : otherwise;
    }
    default V putIfAbsent(K key, V value) {
        V found = get(key);
        if (found == null) put(key, value);
        return found;
    }
    default V computeIfAbsent(K key, Function<? super K, ? extends V> make) {
        V found = get(key);
        if (found == null) {
            found = make.apply(key);
            if (found != null) put(key, found);
        }
        return found;
    }
    default V computeIfPresent(K key, BiFunction<? super K, ? super V, ? extends V> change) {
        V found = get(key);
        if (found == null) return null;
        return keep(key, change.apply(key, found));
    }
    default V compute(K key, BiFunction<? super K, ? super V, ? extends V> change) {
        return keep(key, change.apply(key, get(key)));
    }
    default V merge(K key, V value, BiFunction<? super V, ? super V, ? extends V> join) {
        V found = get(key);
        return keep(key, found == null ? value : join.apply(found, value));
    }
    private V keep(K key, V value) {
        if (value == null) remove(key);
        else put(key, value);
        return value;
    }
    default V replace(K key, V value) { return containsKey(key) ? put(key, value) : null; }
    default void replaceAll(BiFunction<? super K, ? super V, ? extends V> change) {
        for (Map.Entry<K, V> one : entrySet()) one.setValue(change.apply(one.getKey(), one.getValue()));
    }
    default void forEach(BiConsumer<? super K, ? super V> action) {
        for (Map.Entry<K, V> one : entrySet()) action.accept(one.getKey(), one.getValue());
    }

    interface Entry<K, V> {
        K getKey();
        V getValue();
        V setValue(V value);
        static <K extends Comparable<? super K>, V> Comparator<Map.Entry<K, V>> comparingByKey() {
            return (a, b) -> a.getKey().compareTo(b.getKey());
        }
        static <K, V extends Comparable<? super V>> Comparator<Map.Entry<K, V>> comparingByValue() {
            return (a, b) -> a.getValue().compareTo(b.getValue());
        }
    }
}
