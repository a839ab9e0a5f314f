package java.util.function;

public interface Predicate<T> {
    boolean test(T one);
    default Predicate<T> and(Predicate<? super T> other) { return one -> test(one) && other.test(one); }
    default Predicate<T> or(Predicate<? super T> other) { return one -> test(one) || other.test(one); }
    default Predicate<T> negate() { return one -> !test(one); }
    static <T> Predicate<T> not(Predicate<? super T> other) { return one -> !other.test(one); }
}
