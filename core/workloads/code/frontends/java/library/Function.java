package java.util.function;

public interface Function<T, R> {
    R apply(T one);
    default <V> Function<T, V> andThen(Function<? super R, ? extends V> after) { return one -> after.apply(apply(one)); }
    default <V> Function<V, R> compose(Function<? super V, ? extends T> before) { return one -> apply(before.apply(one)); }
    static <T> Function<T, T> identity() { return one -> one; }
}
