package java.util.function;

public interface Consumer<T> {
    void accept(T one);
    default Consumer<T> andThen(Consumer<? super T> after) {
        return one -> { accept(one); after.accept(one); };
    }
}
